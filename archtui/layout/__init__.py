"""Boxes in boxes, in character cells; pure."""
