"""Who keeps what, against the labels."""
