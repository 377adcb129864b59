"""The fact base and its lookups."""
