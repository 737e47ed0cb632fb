"""Check labels made by hand before and after they become gold."""
