"""Rules about event buses."""
