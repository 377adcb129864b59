"""A site, a machine in it and the customer's VPN device are lost until somebody repairs them."""

from __future__ import annotations

from archtui.failure.interface import Zonal


class OnPremFails(Zonal):
    """Nothing in AWS brings the customer's own things back."""


__all__ = ["OnPremFails"]
