"""Boxes in boxes: zones as columns, tiers as rows, orthogonal edges, in character cells. Pure."""
