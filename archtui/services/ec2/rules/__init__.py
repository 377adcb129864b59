"""Rules about instances and Auto Scaling groups."""
