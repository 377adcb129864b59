"""Random designs with networks outside AWS, for comparing the engine with ``reach``."""

from __future__ import annotations

import random

from archtui.model.component import Json
from tests.network.designs import Parts

Part = dict[str, Json]


def hybrid(seed: int) -> Parts:
    """Return two VPCs, on a virtual private gateway or a transit gateway, with up to two sites and three links."""
    rng = random.Random(seed)
    hub = rng.choice(("vgw", "tgw"))
    parts: Parts = {"igw": {"kind": "internet_gateway", "vpc": "v0"}}
    for number in range(2):
        parts |= _vpc(number, hub, rng)
    if hub == "tgw":
        parts["tgw"] = {"kind": "transit_gateway", "vpn_ecmp": rng.random() < 0.5}
    else:
        parts["vgw"] = {"kind": "virtual_private_gateway", "vpc": "v0"}
    for number in range(rng.randint(1, 2)):
        parts |= _site(number, rng)
    for number in range(rng.randint(1, 3)):
        parts |= _link(number, hub, rng.choice([name for name in parts if name.startswith("site")]), rng)
    return parts


def _vpc(number: int, hub: str, rng: random.Random) -> Parts:
    vpc = f"v{number}"
    rows: list[Json] = []
    table: Part = {"kind": "route_table", "vpc": vpc, "main": True}
    if hub == "tgw":
        rows.append({"to": "192.168.0.0/16", "via": "tgw"})
        rows.append({"to": f"10.{1 - number}.0.0/16", "via": "tgw"})
    elif number == 0 and rng.random() < 0.7:
        table["propagating"] = ["vgw"]
    elif number == 0:
        rows.append({"to": "192.168.0.0/16", "via": "vgw"})
    if number == 0:
        rows.append({"to": "0.0.0.0/0", "via": "igw"})
    source = rng.choice(("192.168.0.0/16", "192.168.1.0/24", "0.0.0.0/0"))
    parts: Parts = {
        vpc: {"kind": "vpc", "cidr": f"10.{number}.0.0/16"},
        f"{vpc}-t": {**table, "routes": rows},
        f"{vpc}-s": {"kind": "subnet", "vpc": vpc, "az": "a", "cidr": f"10.{number}.0.0/24"},
        f"{vpc}-g": {"kind": "security_group", "vpc": vpc, "ingress": [{"port": "20-80", "from": source}]},
        f"{vpc}-h": {"kind": "ec2", "subnet": f"{vpc}-s", "security_groups": [f"{vpc}-g"]},
    }
    if hub == "tgw":
        parts[f"{vpc}-a"] = {
            "kind": "transit_gateway_attachment",
            "transit_gateway": "tgw",
            "vpc": vpc,
            "subnets": [f"{vpc}-s"],
        }
    return parts


def _site(number: int, rng: random.Random) -> Parts:
    site: Part = {"kind": "on_prem_site", "answers": rng.random() < 0.8}
    if rng.random() < 0.8:
        site["networks"] = [f"192.168.{number}.0/24"] + (["172.16.0.0/16"] if rng.random() < 0.3 else [])
    if rng.random() < 0.4:
        site["ingress"] = [{"protocol": "tcp", "port": "443", "from": "10.0.0.0/16"}]
    if rng.random() < 0.3:
        site["egress"] = [{"action": "deny", "protocol": "tcp", "port": "22"}, {"to": "10.0.0.0/8"}]
    parts: Parts = {
        f"site{number}": site,
        f"cgw{number}": {"kind": "customer_gateway", "site": f"site{number}"},
        f"dx{number}": {"kind": "direct_connect", "site": f"site{number}"},
    }
    if rng.random() < 0.5:
        parts[f"pc{number}"] = {"kind": "on_prem_host", "site": f"site{number}", "address": f"192.168.{number}.9"}
    return parts


def _link(number: int, hub: str, site: str, rng: random.Random) -> Parts:
    index = site.removeprefix("site")
    if rng.random() < 0.6:
        vpn: Part = {"kind": "vpn_connection", "gateway": hub, "customer_gateway": f"cgw{index}"}
        if rng.random() < 0.4:
            vpn |= {"static_routes_only": True, "static_routes": [rng.choice(("192.168.0.0/16", "192.168.1.0/24"))]}
        if rng.random() < 0.3:
            vpn["customer_routes"] = [rng.choice(("0.0.0.0/0", "10.0.0.0/16"))]
        vpn["tunnels"] = rng.choice((["up", "up"], ["up", "down"], ["down", "down"]))
        vpn["prepend"] = rng.randint(0, 2)
        return {f"vpn{number}": vpn}
    if hub == "vgw":
        return {
            f"vif{number}": {"kind": "private_virtual_interface", "connection": f"dx{index}", "gateway": "vgw"},
        }
    return {
        f"hub{number}": {
            "kind": "direct_connect_gateway",
            "associations": [{"gateway": "tgw", "allowed_prefixes": rng.choice((["10.0.0.0/8"], ["10.1.0.0/16"], []))}],
        },
        f"vif{number}": {
            "kind": "transit_virtual_interface",
            "connection": f"dx{index}",
            "gateway": f"hub{number}",
        },
    }
