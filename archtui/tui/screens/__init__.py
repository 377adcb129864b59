"""Screens that open above the main one: choices, prompts, help, text."""
