"""Rules about Classic Load Balancers."""
