"""Rules about topics and their subscriptions."""
