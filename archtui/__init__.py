"""archtui: a flight simulator for AWS architectures in the terminal."""

__version__ = "0.1.0"
