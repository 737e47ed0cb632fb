"""Serve the local web application for labelling."""
