"""What clusters and proxies connect to."""

from archtui.services.telling import CLUSTER, PROXY

__all__ = ["CLUSTER", "PROXY"]
