"""Score runs against the labels: page values, intervals, ranks, differences, floors."""
