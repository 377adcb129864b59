"""Random designs with what ``reach`` treats apart: several interfaces, groups that are not there, transit."""

from __future__ import annotations

import random

from archtui.model.component import Json
from tests.network.designs import Parts

_PORTS = ("22", "80", "443", "1024-65535", "0-1023")


def _rule(rng: random.Random, side: str, groups: list[str]) -> Json:
    peer = rng.choice(["0.0.0.0/0", "10.0.0.0/8", "10.0.0.0/25", "10.0.1.16/28", "sg-elsewhere", *groups, *groups])
    if peer == "sg-elsewhere" and rng.random() < 0.7:
        peer = "self"
    if rng.random() < 0.25:
        return {"protocol": rng.choice(["all", "icmp", "47"]), side: peer}
    return {"protocol": rng.choice(["tcp", "tcp", "udp"]), "port": rng.choice(_PORTS), side: peer}


def _entries(rng: random.Random, side: str) -> list[Json]:
    found: list[Json] = []
    for number in range(rng.randint(1, 5)):
        entry: dict[str, Json] = {
            "rule": 10 * number + 10,
            "action": rng.choice(["allow", "allow", "allow", "deny"]),
            side: rng.choice(["0.0.0.0/0", "10.0.0.0/8", "10.0.0.0/24", "10.0.1.0/28", "10.1.0.0/16"]),
        }
        if rng.random() < 0.5:
            entry |= {"protocol": rng.choice(["tcp", "udp"]), "port": rng.choice([*_PORTS, "32768-50000"])}
        found.append(entry)
    return found


def mixed(seed: int) -> Parts:
    """Two or three VPCs on a transit gateway: hosts with one or two interfaces, groups of hosts, balancers of
    both kinds, databases, a NAT instance, ACLs that lose replies."""
    rng = random.Random(seed)
    parts: Parts = {
        "tgw": {"kind": "transit_gateway", "security_group_referencing": rng.random() < 0.5},
        "client": {"kind": "client", "address": "203.0.113.200"},
    }
    vpcs = [f"v{number}" for number in range(rng.randint(2, 3))]
    for number, vpc in enumerate(vpcs):
        parts[vpc] = {"kind": "vpc", "cidr": f"10.{number}.0.0/16"}
        parts[f"{vpc}-igw"] = {"kind": "internet_gateway", "vpc": vpc}
        groups = [f"{vpc}-g{index}" for index in range(4)]
        known = [*groups, rng.choice(vpcs) + "-g0"]
        for group in groups:
            parts[group] = {
                "kind": "security_group",
                "vpc": vpc,
                "ingress": [
                    rule
                    for rule in (_rule(rng, "from", known) for _ in range(rng.randint(0, 4)))
                    if isinstance(rule, dict) and rule["from"] != "sg-elsewhere"
                ],
            }
            if rng.random() < 0.4:
                rules = (_rule(rng, "to", known) for _ in range(rng.randint(0, 3)))
                parts[group]["egress"] = [
                    rule for rule in rules if isinstance(rule, dict) and rule["to"] != "sg-elsewhere"
                ]
        parts[f"{vpc}-acl"] = {
            "kind": "network_acl",
            "vpc": vpc,
            "ingress": _entries(rng, "from"),
            "egress": _entries(rng, "to"),
        }
        across: list[Json] = [{"to": "10.0.0.0/8", "via": "tgw"}] if rng.random() < 0.8 else []
        out: list[Json] = [{"to": "0.0.0.0/0", "via": f"{vpc}-igw"}]
        inner: list[Json] = [{"to": "0.0.0.0/0", "via": f"{vpc}-nat"}] if rng.random() < 0.7 else []
        parts[f"{vpc}-pub"] = {"kind": "route_table", "vpc": vpc, "routes": [*out, *across]}
        parts[f"{vpc}-priv"] = {"kind": "route_table", "vpc": vpc, "routes": [*inner, *across]}
        for index, (zone, table) in enumerate((("a", "pub"), ("b", "pub"), ("a", "priv"), ("b", "priv"))):
            parts[f"{vpc}-s{index}"] = {
                "kind": "subnet",
                "vpc": vpc,
                "az": zone,
                "cidr": f"10.{number}.{index}.0/24",
                "route_table": f"{vpc}-{table}",
                **({"nacl": f"{vpc}-acl"} if rng.random() < 0.4 else {}),
            }
        parts[f"{vpc}-att"] = {
            "kind": "transit_gateway_attachment",
            "transit_gateway": "tgw",
            "vpc": vpc,
            "subnets": [f"{vpc}-s2"] if rng.random() < 0.4 else [f"{vpc}-s2", f"{vpc}-s3"],
        }
        hosts = []
        for index in range(6):
            hosts.append(f"{vpc}-h{index}")
            parts[hosts[-1]] = {
                "kind": "ec2",
                "subnet": f"{vpc}-s{rng.randrange(4)}",
                "security_groups": rng.sample(groups, rng.randint(1, 2)),
                "public_ip": rng.random() < 0.5,
            }
        for index in range(2):
            parts[f"{vpc}-e{index}"] = {
                "kind": "network_interface",
                "subnet": f"{vpc}-s{2 * index + rng.randrange(2)}",
                "attached_to": f"{vpc}-two",
                "security_groups": [rng.choice(groups)] if rng.random() < 0.7 else [],
                "device_index": index,
            }
        parts[f"{vpc}-two"] = {"kind": "ec2"}
        parts[f"{vpc}-nat"] = {
            "kind": "ec2",
            "subnet": f"{vpc}-s0",
            "runs": "nat",
            "source_dest_check": rng.random() < 0.2,
            "security_groups": [rng.choice(groups)],
            "public_ip": True,
        }
        parts[f"{vpc}-tg"] = {
            "kind": "target_group",
            "vpc": vpc,
            "port": 80,
            "protocol": "TCP",
            "target_type": "instance",
            "preserve_client_ip": rng.random() < 0.5,
            "targets": list[Json](rng.sample(hosts, 2)),
        }
        parts[f"{vpc}-nlb"] = {
            "kind": "network_load_balancer",
            "scheme": rng.choice(["internal", "internet-facing"]),
            "subnets": [f"{vpc}-s0", f"{vpc}-s1"],
            "cross_zone": rng.random() < 0.5,
            **({"security_groups": [rng.choice(groups)]} if rng.random() < 0.5 else {}),
            "listeners": [{"port": 443, "protocol": "TCP", "forward": f"{vpc}-tg"}],
        }
        parts[f"{vpc}-web"] = {"kind": "target_group", "vpc": vpc, "port": 80, "targets": [hosts[0]]}
        parts[f"{vpc}-alb"] = {
            "kind": "application_load_balancer",
            "subnets": [f"{vpc}-s0", f"{vpc}-s1"],
            "security_groups": [rng.choice(groups)],
            "listeners": [{"port": 80, "forward": f"{vpc}-web"}],
        }
        parts[f"{vpc}-db"] = {
            "kind": "rds",
            "engine": "postgres",
            "multi_az": rng.random() < 0.5,
            "publicly_accessible": rng.random() < 0.3,
            "subnets": [f"{vpc}-s2", f"{vpc}-s3"],
            "security_groups": [rng.choice(groups)],
        }
        parts[f"{vpc}-lt"] = {"kind": "launch_template", "security_groups": [rng.choice(groups)]}
        parts[f"{vpc}-asg"] = {
            "kind": "auto_scaling_group",
            "launch_template": f"{vpc}-lt",
            "subnets": [f"{vpc}-s1", f"{vpc}-s3"],
            "min": 2,
            "max": 4,
        }
    if rng.random() < 0.5:
        parts["px"] = {"kind": "vpc_peering_connection", "requester": "v0", "accepter": "v1"}
        for vpc, other in (("v0", 1), ("v1", 0)):
            for table in (f"{vpc}-pub", f"{vpc}-priv"):
                routes = parts[table]["routes"]
                assert isinstance(routes, list)
                routes.append({"to": f"10.{other}.0.0/16", "via": "px"})
    return parts


_BLOCKS_6 = (
    "::/0",
    "2001:db8::/32",
    "2001:db8:0:100::/64",
    "2001:db8:0:101::/64",
    "2001:db8:0:200::/56",
    "64:ff9b::/96",
)


def _rule_6(rng: random.Random, side: str) -> Json:
    peer = rng.choice(_BLOCKS_6)
    if rng.random() < 0.4:
        return {"protocol": rng.choice(["all", "icmpv6"]), side: peer}
    return {"protocol": rng.choice(["tcp", "udp"]), "port": rng.choice(_PORTS), side: peer}


def dual_stack(seed: int) -> Parts:
    """The networks of :func:`mixed` with IPv6: in some subnets alone, out by either kind of gateway, NAT64."""
    rng = random.Random(-seed)
    parts = mixed(seed)
    parts["client6"] = {"kind": "client", "address": "203.0.113.201", "ipv6_address": "2001:db8:ffff::201"}
    parts["only6"] = {"kind": "client", "address": "2001:db8:ffff::202"}
    for number, vpc in enumerate(name for name in ("v0", "v1", "v2") if name in parts):
        pool = "private" if rng.random() < 0.2 else "amazon"
        parts[vpc] |= {"ipv6_cidr": f"2001:db8:0:{number + 1}00::/56", "ipv6_pool": pool}
        parts[f"{vpc}-egress"] = {"kind": "egress_only_internet_gateway", "vpc": vpc}
        parts[f"{vpc}-nat64"] = {"kind": "nat_gateway", "subnet": f"{vpc}-s0"}
        ways = {"pub": f"{vpc}-igw", "priv": rng.choice((f"{vpc}-egress", f"{vpc}-igw", "tgw"))}
        for table, via in ways.items():
            routes = parts[f"{vpc}-{table}"]["routes"]
            assert isinstance(routes, list)
            routes += [{"to": "::/0", "via": via}, {"to": "64:ff9b::/96", "via": f"{vpc}-nat64"}]
            if rng.random() < 0.7:
                routes.append({"to": "2001:db8::/40", "via": "tgw"})
            if "px" in parts and vpc != "v2":
                routes.append({"to": f"2001:db8:0:{2 - number}00::/56", "via": "px"})
        for index in range(4):
            ipv6 = f"2001:db8:0:{number + 1}0{index}::/64"
            parts[f"{vpc}-s{index}"] |= {"ipv6_cidr": ipv6, "assign_ipv6": rng.random() < 0.6}
        only: dict[str, Json] = {"cidr": f"2001:db8:0:{number + 1}09::/64", "dns64": rng.random() < 0.6}
        parts[f"{vpc}-only"] = {**parts[f"{vpc}-s3"], **only}
        del parts[f"{vpc}-only"]["ipv6_cidr"]
        for index in range(2):
            groups = [f"{vpc}-g{rng.randrange(4)}"]
            parts[f"{vpc}-six{index}"] = {"kind": "ec2", "subnet": f"{vpc}-only", "security_groups": groups}
        for index in range(4):
            group = parts[f"{vpc}-g{index}"]
            for side, key in (("from", "ingress"), ("to", "egress")):
                rules = group.get(key)
                if isinstance(rules, list):
                    rules.extend(_rule_6(rng, side) for _ in range(rng.randint(0, 3)))
        for side, key in (("from", "ingress"), ("to", "egress")):
            entries = parts[f"{vpc}-acl"][key]
            assert isinstance(entries, list)
            for count in range(rng.randint(0, 3)):
                action = rng.choice(["allow", "allow", "deny"])
                entries.append({"rule": 200 + count, "action": action, side: rng.choice(_BLOCKS_6)})
    return parts
