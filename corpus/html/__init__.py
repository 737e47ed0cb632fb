"""Read HTML as a browser does: what its markup means, and how to parse it without surprises."""
