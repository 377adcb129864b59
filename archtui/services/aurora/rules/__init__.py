"""Rules about database clusters, their endpoints and proxies."""
