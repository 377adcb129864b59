"""Rules about EBS volumes."""
