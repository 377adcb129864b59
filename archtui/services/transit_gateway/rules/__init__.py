"""Rules about transit gateways."""
