"""What VPN gateways connect to."""

from __future__ import annotations

from collections.abc import Mapping

from archtui.model.connect import Way

VPN_GATEWAY: Mapping[str, Way] = {}
CUSTOMER_GATEWAY: Mapping[str, Way] = {}
