"""How web ACLs and protections fail: not by themselves, they work where what they protect works."""

from __future__ import annotations

from archtui.failure.interface import Managed


class WebAclFails(Managed):
    """AWS runs WAF with the distribution, balancer or API it protects."""
