"""HYB001: Direct Connect connections without a second way."""

from __future__ import annotations

from collections.abc import Iterator

from archtui.check.finding import Finding
from archtui.check.rule import Rule
from archtui.model.edits import Edit
from archtui.services.direct_connect.edits import backup_vpn, devices_of
from archtui.services.direct_connect.properties import (
    DirectConnectConnectionProperties,
)
from archtui.services.lookups import each
from archtui.services.vpn.properties import (
    VpnConnectionProperties,
)
from archtui.world.world import World

_GOOD = """\
components:
  vpc: {kind: vpc, cidr: 10.0.0.0/16}
  vgw: {kind: virtual_private_gateway, vpc: vpc}
  hq: {kind: on_prem_site, networks: [192.168.0.0/16]}
  cgw: {kind: customer_gateway, site: hq}
  one: {kind: direct_connect_location}
  line: {kind: direct_connect_connection, location: one, site: hq}
  channel: {kind: private_virtual_interface, connection: line, gateway: vgw}
  vpn: {kind: vpn_connection, gateway: vgw, customer_gateway: cgw}
"""


class SingleLine(Rule):
    """A site whose lines are one, or all made at one location, without a VPN to stand in."""

    id = "HYB001"
    title = "Single connection or location"
    severity = "warning"
    class_ = "resilience"
    kinds = ("direct_connect_connection", "direct_connect_location")
    reads = (
        "vpn_connection",
        "customer_gateway",
        "private_virtual_interface",
        "direct_connect_lag",
        "virtual_private_gateway",
    )
    why = "One cable, one router or one building is enough to cut the site off; a line has no second way by itself."
    fix = "Add a second connection at another location, or a VPN connection as a backup."
    sources = ("https://docs.aws.amazon.com/directconnect/latest/UserGuide/resiliency_toolkit.html",)
    facts = ("direct_connect-spof-01", "direct_connect-ha-01")
    example_bad = _GOOD.replace("  vpn: {kind: vpn_connection, gateway: vgw, customer_gateway: cgw}\n", "")
    example_good = _GOOD
    example_finds = ("line",)

    def check(self, world: World) -> Iterator[Finding]:
        """Count the lines and locations of each site."""
        sites: dict[str, list[tuple[str, DirectConnectConnectionProperties]]] = {}
        for component, line in each(world, DirectConnectConnectionProperties):
            if line.state == "available":
                sites.setdefault(line.site or "", []).append((component.id, line))
        for site, lines in sites.items():
            places = {line.location or name for name, line in lines}
            if len(places) > 1 or _has_vpn(site, world):
                continue
            name = lines[0][0]
            what = "one line" if len(lines) == 1 else f"{len(lines)} lines at one location"
            yield self.finding(
                name,
                message=f"{site or 'The customer'} reaches AWS by {what} and no VPN connection stands in.",
                fixable=backup_vpn(name, site, world) is not None,
                detail=(site,),
            )

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Add a VPN connection from the site's customer gateway to the gateway that the line leads to."""
        edit = backup_vpn(finding.subject, str(finding.detail[0]), world)
        return (edit,) if edit else ()


def _has_vpn(site: str, world: World) -> bool:
    devices = devices_of(site, world)
    return any(
        p.state == "available" and (p.customer_gateway in devices or not site)
        for _, p in each(world, VpnConnectionProperties)
    )
