"""The request walker: from a name to a row and back."""
