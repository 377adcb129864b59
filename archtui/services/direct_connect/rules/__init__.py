"""Rules about Direct Connect."""
