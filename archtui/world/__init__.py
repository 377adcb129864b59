"""The compiled blueprint: defaults explicit, references resolved, indexed."""
