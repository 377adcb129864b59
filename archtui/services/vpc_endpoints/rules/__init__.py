"""Rules about VPC endpoints."""
