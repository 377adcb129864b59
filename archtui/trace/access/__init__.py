"""Permission: policies read, requests compared with them, and the ruling of AWS on both."""
