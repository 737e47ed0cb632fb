"""The local web application for labelling."""
