"""Random networks with everything the reference interpreter knows: the same for the same seed.

Every address is stated, so that a reader of the data needs no allocation of its own. Ranges overlap now and then,
routes lead astray, tables are unsorted, machines are stopped: most flows of a sensible design work, most of these
must not.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from archtui.model.component import Json

Parts = dict[str, dict[str, Json]]
REGIONS = ("eu-west-1", "eu-central-1")
CLIENT = "203.0.113.200"
PORTS = (22, 80, 443)
_RANGES = ("22", "80", "443", "0-1023", "1024-65535", "32768-65535", "32768-60999", "1-65535", "1024-40000")
_SECONDARY = ("100.64.{}.0/24", "10.20{}.0.0/16")


@dataclass
class Rich:
    """A design under construction, and the ends of flows to ask about it."""

    rng: random.Random
    parts: Parts = field(default_factory=dict)
    vpcs: list[str] = field(default_factory=list)
    subnets: dict[str, list[str]] = field(default_factory=dict)
    groups: list[str] = field(default_factory=list)
    senders: list[str] = field(default_factory=list)
    """Interfaces that flows may start at."""
    receivers: list[str] = field(default_factory=list)
    """Addresses, private and public, of somebody or nobody."""
    hosts: dict[str, list[str]] = field(default_factory=dict)
    taken: dict[str, int] = field(default_factory=dict)
    publics: int = 0

    def add(self, name: str, kind: str, **body: Json) -> str:
        """Add a component."""
        self.parts[name] = {"kind": kind, **body}
        return name

    def chance(self, share: float) -> bool:
        """Whether something that happens in ``share`` of the cases happens."""
        return self.rng.random() < share

    def address(self, subnet: str) -> str:
        """Return the next free address of a subnet."""
        base = str(self.parts[subnet]["cidr"]).rpartition(".")[0]
        self.taken[subnet] = self.taken.get(subnet, 9) + 1
        return f"{base}.{self.taken[subnet]}"

    def public(self) -> str:
        """Return a new public address."""
        self.publics += 1
        return f"198.51.{100 + self.publics // 200}.{1 + self.publics % 200}"

    def texts(self, body: dict[str, Json], key: str) -> list[str]:
        """Return a list of strings of a component."""
        found = body.get(key, [])
        return [str(item) for item in found] if isinstance(found, list) else []


def rich(seed: int) -> Rich:
    """Return the design of a seed."""
    made = Rich(random.Random(seed))
    rng = made.rng
    made.add("client", "client", address=CLIENT)
    made.add("list", "prefix_list", cidrs=["10.1.0.0/16", "10.0.1.0/24", "100.64.0.0/16"])
    for number in range(rng.randint(2, 4)):
        _vpc(made, number)
    _peerings(made)
    _transit(made)
    for vpc in made.vpcs:
        _tables(made, vpc)
        _machines(made, vpc)
    _groups_and_acls(made)
    _routes(made)
    for vpc in made.vpcs:
        if made.chance(0.6):
            _balancer(made, vpc)
    made.receivers += [CLIENT, "8.8.8.8", "10.0.0.250", "10.1.1.250", "10.99.0.1"]
    return made


def _vpc(made: Rich, number: int) -> None:
    block = 0 if number == 3 and made.chance(0.5) else number
    region = REGIONS[1] if number and made.chance(0.25) else REGIONS[0]
    secondary: list[Json] = [rng_block.format(number) for rng_block in _SECONDARY if made.chance(0.3)]
    vpc = made.add(f"v{number}", "vpc", cidr=f"10.{block}.0.0/16", secondary_cidrs=secondary, region=region)
    made.vpcs.append(vpc)
    if made.chance(0.85):
        made.add(f"{vpc}-igw", "internet_gateway", vpc=vpc)
    made.groups += [f"{vpc}-g{index}" for index in range(3)]
    cidrs = [f"10.{block}.{index}.0/24" for index in range(made.rng.randint(2, 4))]
    cidrs += [str(item) if str(item).endswith("/24") else str(item).replace("0.0/16", "7.0/24") for item in secondary]
    for index, cidr in enumerate(cidrs):
        subnet = made.add(f"{vpc}-s{index}", "subnet", vpc=vpc, az="ab"[made.rng.randrange(2)], cidr=cidr)
        made.subnets.setdefault(vpc, []).append(subnet)
        if made.chance(0.35):
            made.parts[subnet]["nacl"] = f"{vpc}-acl{made.rng.randrange(2)}"


def _tables(made: Rich, vpc: str) -> None:
    for index in range(3):
        made.add(f"{vpc}-t{index}", "route_table", vpc=vpc, main=index == 2, routes=[])
    for subnet in made.subnets[vpc]:
        if made.chance(0.85):
            made.parts[subnet]["route_table"] = f"{vpc}-t{made.rng.randrange(2)}"


def _machines(made: Rich, vpc: str) -> None:
    rng, subnets = made.rng, made.subnets[vpc]
    mine = [group for group in made.groups if group.startswith(f"{vpc}-")]
    for index in range(rng.randint(3, 5)):
        subnet = rng.choice(subnets)
        name = f"{vpc}-h{index}"
        own = made.address(subnet)
        body: dict[str, Json] = {"subnet": subnet, "private_ip": own, "security_groups": _some(rng, mine)}
        if made.chance(0.5):
            body["public_ip"] = made.public()
            made.receivers.append(str(body["public_ip"]))
        elif made.chance(0.5):
            body["public_ip"] = False
        if made.chance(0.06):
            body["state"] = "stopped"
        made.add(name, "ec2", **body)
        made.senders.append(name)
        made.receivers.append(own)
        made.hosts.setdefault(vpc, []).append(name)
    if made.chance(0.5):
        _two_interfaces(made, vpc, mine)
    for kind in ("public", "private"):
        if made.chance(0.6 if kind == "public" else 0.25):
            subnet = rng.choice(subnets)
            nat: dict[str, Json] = {"subnet": subnet, "private_ip": made.address(subnet), "connectivity": kind}
            if kind == "public":
                elastic = made.add(f"{vpc}-eip", "elastic_ip", address=made.public())
                nat["elastic_ip"] = elastic
                made.receivers.append(str(made.parts[elastic]["address"]))
            if made.chance(0.06):
                nat["state"] = "failed"
            made.add(f"{vpc}-nat-{kind}", "nat_gateway", **nat)
            made.receivers.append(str(nat["private_ip"]))
    if made.chance(0.4):
        subnet = rng.choice(subnets)
        made.add(
            f"{vpc}-box",
            "ec2",
            subnet=subnet,
            private_ip=made.address(subnet),
            public_ip=made.public(),
            security_groups=_some(rng, mine),
            runs="nat",
            source_dest_check=made.chance(0.3),
        )


def _some(rng: random.Random, names: list[str]) -> list[Json]:
    return list[Json](rng.sample(names, rng.randint(1, 2)))


def _two_interfaces(made: Rich, vpc: str, groups: list[str]) -> None:
    machine = made.add(f"{vpc}-two", "ec2")
    for index in range(2):
        subnet = made.rng.choice(made.subnets[vpc])
        own: list[Json] = [made.address(subnet)]
        name = f"{vpc}-e{index}"
        body: dict[str, Json] = {"attached_to": machine, "device_index": index, "subnet": subnet}
        body["security_groups"] = _some(made.rng, groups)
        if made.chance(0.4):
            body["public_ip"] = made.public()
            made.receivers.append(str(body["public_ip"]))
        if made.chance(0.4):
            own.append(made.address(subnet))
            if made.chance(0.5):
                body["public_ips"] = {str(own[1]): made.public()}
        made.add(name, "network_interface", private_ips=own, **body)
        made.senders.append(name)
        made.receivers += [str(item) for item in own]


# -- between VPCs ---------------------------------------------------------------------------------


def _peerings(made: Rich) -> None:
    for index, vpc in enumerate(made.vpcs):
        for other in made.vpcs[index + 1 :]:
            if made.chance(0.4):
                status = "active" if made.chance(0.9) else made.rng.choice(["pending-acceptance", "deleted"])
                made.add(f"p-{vpc}-{other}", "vpc_peering_connection", requester=vpc, accepter=other, status=status)


def _transit(made: Rich) -> None:
    if made.chance(0.25):
        return
    for region in REGIONS:
        vpcs = [vpc for vpc in made.vpcs if made.parts[vpc]["region"] == region]
        if not vpcs:
            continue
        referencing = made.chance(0.5)
        gateway = made.add(f"tgw-{region}", "transit_gateway", region=region, security_group_referencing=referencing)
        tables = [f"{gateway}-t{index}" for index in range(made.rng.randint(1, 2))]
        attachments = []
        for vpc in vpcs:
            if not made.chance(0.9):
                continue
            # One subnet for each zone that is served.
            by_zone = {made.parts[subnet]["az"]: subnet for subnet in made.subnets[vpc]}
            served = list[Json](sorted(by_zone.values()))
            attachments.append(
                made.add(
                    f"{gateway}-{vpc}",
                    "transit_gateway_attachment",
                    transit_gateway=gateway,
                    vpc=vpc,
                    subnets=served if made.chance(0.6) else served[:1],
                    route_table="none" if made.chance(0.06) else made.rng.choice(tables),
                    security_group_referencing=referencing,
                    **({"state": "deleted"} if made.chance(0.05) else {}),
                )
            )
        for table in tables:
            made.add(
                table,
                "transit_gateway_route_table",
                transit_gateway=gateway,
                routes=[],
                propagations=[name for name in attachments if made.chance(0.75)],
            )
    gateways = [name for name, body in made.parts.items() if body["kind"] == "transit_gateway"]
    if len(gateways) == 2 and made.chance(0.8):
        here, there = gateways
        made.add(
            "tgw-peering",
            "transit_gateway_attachment",
            transit_gateway=here,
            peer=there,
            route_table=made.rng.choice(_of(made, "transit_gateway_route_table", here)),
            peer_route_table=made.rng.choice(_of(made, "transit_gateway_route_table", there)),
        )
    for gateway in gateways:
        for table in _of(made, "transit_gateway_route_table", gateway):
            made.parts[table]["routes"] = _transit_routes(made, gateway)


def _of(made: Rich, kind: str, gateway: str) -> list[str]:
    return [
        name
        for name, body in made.parts.items()
        if body["kind"] == kind and gateway in (body.get("transit_gateway"), body.get("peer"))
    ]


def _transit_routes(made: Rich, gateway: str) -> list[Json]:
    found: dict[str, Json] = {}
    ways = [*_of(made, "transit_gateway_attachment", gateway), "blackhole"]
    blocks = ["0.0.0.0/0", *(str(made.parts[vpc]["cidr"]) for vpc in made.vpcs), "10.0.1.0/24", "10.1.0.0/24"]
    for block in made.rng.sample(blocks, made.rng.randint(0, 3)):
        if block != "0.0.0.0/0" or made.chance(0.7):
            found[block] = {"to": block, "via": made.rng.choice(ways)}
    if "tgw-peering" in ways:
        for vpc in made.vpcs:
            block = str(made.parts[vpc]["cidr"])
            if f"tgw-{made.parts[vpc]['region']}" != gateway and made.chance(0.8):
                found[block] = {"to": block, "via": "tgw-peering"}
    return list(found.values())


# -- filters and routes ---------------------------------------------------------------------------


def _blocks(made: Rich) -> list[str]:
    cidrs = [str(body["cidr"]) for body in made.parts.values() if body["kind"] in ("vpc", "subnet")]
    return ["0.0.0.0/0", "10.0.0.0/8", "8.8.8.8/32", f"{CLIENT}/32", "198.51.100.0/24", *cidrs]


def _groups_and_acls(made: Rich) -> None:
    rng, blocks = made.rng, _blocks(made)
    for group in made.groups:
        vpc = group.partition("-")[0]
        near = [name for name in made.groups if name.startswith(f"{vpc}-")]

        def rule(side: str, near: list[str] = near) -> Json:
            written = [rng.choice(blocks), *near, rng.choice(made.groups), "self", "list"]
            peer = "0.0.0.0/0" if rng.random() < 0.4 else rng.choice(written)
            if rng.random() < 0.45:
                return {"protocol": rng.choice(["all", "all", "icmp", "47"]), side: peer}
            return {"protocol": rng.choice(["tcp", "tcp", "tcp", "udp"]), "port": rng.choice(_RANGES), side: peer}

        body: dict[str, Json] = {"vpc": vpc, "ingress": [rule("from") for _ in range(rng.randint(2, 5))]}
        if made.chance(0.3):
            body["egress"] = [rule("to") for _ in range(rng.randint(0, 5))]
        made.add(group, "security_group", **body)
    for vpc in made.vpcs:
        for index in range(2):
            made.add(
                f"{vpc}-acl{index}", "network_acl", vpc=vpc, ingress=_entries(made, "from"), egress=_entries(made, "to")
            )


def _entries(made: Rich, side: str) -> list[Json]:
    rng, blocks = made.rng, _blocks(made)
    numbers = rng.sample(range(100, 200), rng.randint(0, 4))
    found: list[Json] = []
    for number in numbers:
        entry: dict[str, Json] = {"rule": number, "action": rng.choice(["allow", "allow", "deny"])}
        entry[side] = rng.choice(["0.0.0.0/0", rng.choice(blocks)])
        if made.chance(0.6):
            entry |= {"protocol": rng.choice(["tcp", "tcp", "udp"]), "port": rng.choice(_RANGES)}
        elif made.chance(0.2):
            entry["protocol"] = "icmp"
        found.append(entry)
    if made.chance(0.75):
        found.append({"rule": 300, "action": "allow", side: "0.0.0.0/0"})
    rng.shuffle(found)
    return found


def _routes(made: Rich) -> None:
    """Fill the tables: mostly sensible rows, some that lead astray."""
    for vpc in made.vpcs:
        ways = [name for name in (f"{vpc}-igw", f"{vpc}-nat-public", f"{vpc}-nat-private") if name in made.parts]
        region = made.parts[vpc]["region"]
        gateway = f"tgw-{region}"
        over = [gateway] if f"{gateway}-{vpc}" in made.parts else []
        peers = {
            (body["accepter"] if body["requester"] == vpc else body["requester"]): name
            for name, body in made.parts.items()
            if body["kind"] == "vpc_peering_connection" and vpc in (body["requester"], body["accepter"])
        }
        box = [f"{vpc}-box"] if f"{vpc}-box" in made.parts else []
        for index in range(3):
            made.parts[f"{vpc}-t{index}"]["routes"] = _rows(made, vpc, ways, over, peers, box)


def _rows(made: Rich, vpc: str, ways: list[str], over: list[str], peers: dict[Json, str], box: list[str]) -> list[Json]:
    rows: dict[tuple[str, str], Json] = {}

    def row(to: str, via: str, **more: Json) -> None:
        rows[(to, str(more.get("origin", "static")))] = {"to": to, "via": via, **more}

    default = [*ways, *ways, *over, *box, *box, *(list(peers.values()) if made.chance(0.2) else [])]
    if default and made.chance(0.85):
        row("0.0.0.0/0", made.rng.choice(default))
    for other in made.vpcs:
        via = [*over, *([peers[other]] if other in peers else [])]
        if peers and made.chance(0.15):
            # Transit through a peering: the route may be written, AWS carries nothing over it.
            via = [*via, *peers.values()]
        cidr = str(made.parts[other]["cidr"])
        if other != vpc and via and made.chance(0.85) and cidr != made.parts[vpc]["cidr"]:
            row(cidr, made.rng.choice(via))
            if made.chance(0.2):
                row(cidr.replace("0.0/16", "1.0/24"), made.rng.choice([*via, "blackhole"]))
            for secondary in made.texts(made.parts[other], "secondary_cidrs"):
                if made.chance(0.7):
                    row(secondary, made.rng.choice(via))
    if over and made.chance(0.2):
        row("10.0.0.0/8", over[0])
    if ways and made.chance(0.1):
        row("203.0.113.0/24", made.rng.choice(ways), state=made.rng.choice(["active", "blackhole"]))
    if over and made.chance(0.1):
        row("list", over[0])
    if box and made.chance(0.1):
        # More specific than local: VPC User Guide, 'Route priority', for middleboxes.
        row(str(made.parts[made.rng.choice(made.subnets[vpc])]["cidr"]), box[0])
    found = list(rows.values())
    made.rng.shuffle(found)
    return found


def _balancer(made: Rich, vpc: str) -> None:
    rng = made.rng
    by_zone = {made.parts[subnet]["az"]: subnet for subnet in made.subnets[vpc]}
    subnets = sorted(by_zone.values())
    own = [made.address(subnet) for subnet in subnets]
    kind = rng.choice(["instance", "ip"])
    running = made.hosts[vpc]
    targets = rng.sample(running, min(len(running), rng.randint(1, 3)))
    body: dict[str, Json] = {
        "vpc": vpc,
        "port": rng.choice(PORTS),
        "protocol": "TCP",
        "target_type": kind,
        "targets": list[Json](targets if kind == "instance" else [made.parts[name]["private_ip"] for name in targets]),
    }
    if made.chance(0.3):
        body["preserve_client_ip"] = made.chance(0.5)
    made.add(f"{vpc}-tg", "target_group", **body)
    lb: dict[str, Json] = {"scheme": "internal", "subnets": list[Json](subnets), "private_ips": list[Json](own)}
    if made.chance(0.4) and f"{vpc}-igw" in made.parts:
        elastic = [
            made.add(f"{vpc}-lb-eip{index}", "elastic_ip", address=made.public()) for index in range(len(subnets))
        ]
        lb |= {"scheme": "internet-facing", "elastic_ips": list[Json](elastic)}
        made.receivers += [str(made.parts[name]["address"]) for name in elastic]
    if made.chance(0.5):
        lb["security_groups"] = _some(rng, [group for group in made.groups if group.startswith(f"{vpc}-")])
    lb["cross_zone"] = made.chance(0.5)
    made.add(
        f"{vpc}-nlb",
        "network_load_balancer",
        listeners=[{"port": rng.choice(PORTS), "protocol": "TCP", "forward": f"{vpc}-tg"}],
        **lb,
    )
    made.receivers += own * 2


@dataclass(frozen=True)
class Asked:
    """A flow of a design: an interface or an address outside, an address, protocol and port."""

    source: str
    destination: str
    protocol: str
    port: int | None


def flows(made: Rich, count: int) -> list[Asked]:
    """Return random flows to ask about."""
    rng, found = made.rng, []
    for _ in range(count):
        source = rng.choice([*made.senders, *made.senders, "internet", CLIENT])
        protocol = rng.choice(["tcp", "tcp", "tcp", "udp", "icmp", "47"])
        port = rng.choice(PORTS) if protocol in ("tcp", "udp") else None
        found.append(Asked(source, rng.choice(made.receivers), protocol, port))
    return found
