"""How inspection behaves when a zone or an appliance is lost."""

from __future__ import annotations

from archtui.failure.interface import Managed, Zonal


class GatewayLoadBalancerFails(Managed):
    """It has a node in each of its zones; a zone's endpoints use that zone's node alone."""


class EndpointFails(Zonal):
    """An endpoint is in one zone; nothing stands in for it, routes name it (AWS PrivateLink guide)."""


class FirewallFails(Managed):
    """A firewall has an endpoint in each of its zones; routes name one of them (Network Firewall guide)."""
