"""The debugger's parts that need no screen: what there is to step through, and the words for it."""
