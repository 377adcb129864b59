"""Rules about APIs."""
