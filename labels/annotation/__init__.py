"""People label pages: drafts, checks, agreement, migration, and the web application."""
