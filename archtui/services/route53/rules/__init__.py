"""Rules about zones, records and health checks."""
