"""The panels beside the canvas: inspector, trace, problems, failures."""
