"""The command line: thin commands over the engines, one module each."""
