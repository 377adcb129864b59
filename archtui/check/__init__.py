"""Checking a design: rules, findings, journeys as assertions, quick fixes, output formats."""
