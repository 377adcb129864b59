"""The walker: a request from its name to the database row and back, one explained step at a time."""
