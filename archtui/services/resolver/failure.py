"""How resolver endpoints fail: with the zones of their interfaces; another interface takes the next question."""

from __future__ import annotations

from archtui.failure.interface import Managed


class ResolverEndpointFails(Managed):
    """An endpoint works while one of its interfaces does (Route 53 Developer Guide, "High availability for Resolver
    endpoints")."""

    sla = "amazon-route53"
