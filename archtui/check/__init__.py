"""Rules, findings, fixes and journeys."""
