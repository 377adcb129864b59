"""Rules about resolver endpoints and rules."""
