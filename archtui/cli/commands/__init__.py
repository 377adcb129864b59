"""The commands, one module each; :mod:`archtui.cli.app` imports the one that is called."""
