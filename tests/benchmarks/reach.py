"""Who reaches whom in generated designs with 500 security groups: time and memory, beside a plain rule walk.

Run ``python -m tests.benchmarks.reach [ENIS ...]`` (default: 1000 10000) from the repository's root. Each size
runs in a process of its own, so that the peak of memory is its own too. The baseline is the plain
way: walk the rules for one flow after the other. It is timed on a sample and multiplied by the number of flows that
all pairs and pieces of the port range make; the sample's answers are compared with the matrix and the engine.
"""

from __future__ import annotations

import gc
import json
import random
import resource
import subprocess
import sys
import time
from collections.abc import Sequence

from archtui.model.blueprint import Blueprint
from archtui.model.component import Json
from archtui.network.addresses import Address
from archtui.network.engine import decide, network_of
from archtui.network.flow import ANY, LINUX_EPHEMERAL, Flow, PortRange, protocol_name
from archtui.network.model import Interface, NaclEntry, Network
from archtui.network.reach import Reachability
from archtui.services import registry
from archtui.world.compiler import compile_world
from archtui.world.steps import Verdict
from archtui.world.world import World

GROUPS, SUBNETS, ACLS = 500, 60, 20
_PORTS = ("22", "53", "80", "443", "1024-65535", "3306", "5432", "6379", "8080", "8000-8999", "9090", "27017")
SAMPLE = 3000


def enis(count: int, seed: int = 1) -> dict[str, Json]:
    """Return one VPC of ``count`` interfaces: 500 groups with 2 to 8 rules (references and blocks), 60 subnets
    of /20, 20 ACLs with entries in order, one public table and one private one."""
    rng = random.Random(seed)
    groups = [f"sg-{number}" for number in range(GROUPS)]
    made: dict[str, Json] = {
        "v": {"kind": "vpc", "cidr": "10.0.0.0/16", "secondary_cidrs": ["10.1.0.0/16", "10.2.0.0/16", "10.3.0.0/16"]},
        "igw": {"kind": "internet_gateway", "vpc": "v"},
        "public": {"kind": "route_table", "vpc": "v", "routes": [{"to": "0.0.0.0/0", "via": "igw"}]},
    }
    for group in groups:
        rules: list[Json] = []
        for _ in range(rng.randint(2, 8)):
            block = f"10.{rng.randrange(4)}.{16 * rng.randrange(16)}.0/{rng.choice((20, 20, 16, 24))}"
            block = f"10.{block.split('.')[1]}.0.0/16" if block.endswith("/16") else block
            rules.append(
                {"port": rng.choice(_PORTS), "from": rng.choice([block, rng.choice(groups), rng.choice(groups)])}
            )
        made[group] = {"kind": "security_group", "vpc": "v", "ingress": rules}
    for number in range(ACLS):
        made[f"acl-{number}"] = {
            "kind": "network_acl",
            "vpc": "v",
            "ingress": _entries(rng, "from"),
            "egress": _entries(rng, "to"),
        }
    for number in range(SUBNETS):
        made[f"s-{number}"] = {
            "kind": "subnet",
            "vpc": "v",
            "az": "abc"[number % 3],
            "cidr": f"10.{number // 16}.{16 * (number % 16)}.0/20",
            "nacl": f"acl-{number % ACLS}",
            **({"route_table": "public"} if number % 5 == 0 else {}),
        }
    for number in range(count):
        made[f"i-{number}"] = {
            "kind": "ec2",
            "subnet": f"s-{rng.randrange(SUBNETS)}",
            "security_groups": list[Json](
                rng.sample(groups[: max(20, min(GROUPS, count // 4))], rng.choice((1, 1, 2)))
            ),
        }
    return {"blueprint": f"{count} interfaces", "region": "eu-west-1", "components": made}


def _entries(rng: random.Random, side: str) -> list[Json]:
    found: list[Json] = []
    for number in range(rng.randint(0, 4)):
        block = f"10.{rng.randrange(4)}.{16 * rng.randrange(16)}.0/20"
        entry: dict[str, Json] = {"rule": 10 + number, "action": "deny", side: block}
        if rng.random() < 0.6:
            entry |= {"protocol": "tcp", "port": rng.choice(("22", "0-1023", "3306", "8000-8999"))}
        found.append(entry)
    found.append({"rule": 100, "action": "allow", side: "0.0.0.0/0"})
    return found


def _world(count: int) -> World:
    return compile_world(Blueprint.build(enis(count), registry()))


def naive(network: Network, source: Interface, target: Interface, protocol: int, port: int) -> bool:
    """Walk the rules of one flow inside one VPC, the plain way: is it admitted, and does the reply come back?"""
    here, there = source.addresses[0], target.addresses[0]
    asked, reply = (port, port), LINUX_EPHEMERAL
    if not _groups_admit(network, source, "egress", there, protocol, asked):
        return False
    if source.subnet != target.subnet:
        crossings = (
            (source, "egress", there, asked),
            (target, "ingress", here, asked),
            (target, "egress", here, reply),
            (source, "ingress", there, reply),
        )
        for interface, way, peer, ports in crossings:
            nacl = network.nacls[network.subnets[interface.subnet].nacl]
            if not _acl_admits(nacl.egress if way == "egress" else nacl.ingress, peer, protocol, ports):
                return False
    return _groups_admit(network, target, "ingress", here, protocol, asked)


def _groups_admit(
    network: Network, interface: Interface, way: str, peer: Address, protocol: int, ports: PortRange
) -> bool:
    for name in interface.groups or ():
        group = network.groups[name]
        for rule in group.egress if way == "egress" else group.ingress:
            if rule.protocol not in (ANY, protocol):
                continue
            if rule.protocol != ANY and not rule.ports[0] <= ports[0] <= rule.ports[1]:
                continue
            if rule.group and peer in network.members.get(rule.group, {}):
                return True
            if any(block.first <= peer <= block.last for block in rule.blocks):
                return True
    return False


def _acl_admits(entries: Sequence[NaclEntry], peer: Address, protocol: int, ports: PortRange) -> bool:
    for entry in entries:
        fits = entry.protocol == ANY or (
            entry.protocol == protocol and entry.ports[0] <= ports[1] and ports[0] <= entry.ports[1]
        )
        if fits and entry.block.first <= peer <= entry.block.last:
            return entry.allow
    return False


def _baseline(world: World, reachability: Reachability, rng: random.Random) -> tuple[float, float, int]:
    """Return the seconds of one rule walk and of one decision of the engine, and how many of a sample of flows
    the matrix answers otherwise than either."""
    network = network_of(world)
    names = [name for name in reachability.ends if name.startswith("i-")]
    starts = [(protocol, port) for protocol, port in reachability.matrix.atoms.each() if protocol in (6, 17)]
    asked = [(*rng.sample(names, 2), *rng.choice(starts)) for _ in range(SAMPLE)]
    flows = [Flow(one, other, protocol_name(protocol), port) for one, other, protocol, port in asked]
    ends = {name: network.interfaces[network.of_component[name][0]] for name in names}
    begun = time.perf_counter()
    walked = [naive(network, ends[one], ends[other], protocol, port or 0) for one, other, protocol, port in asked]
    walk = (time.perf_counter() - begun) / SAMPLE
    begun = time.perf_counter()
    verdicts = [decide(world, flow).verdict for flow in flows]
    decision = (time.perf_counter() - begun) / SAMPLE
    found = [reachability.verdict(flow.source, flow.destination, flow.protocol, flow.port) for flow in flows]
    wrong = sum(
        answer is not verdict or (answer is Verdict.REACHABLE) is not passes
        for answer, verdict, passes in zip(found, verdicts, walked, strict=True)
    )
    return walk, decision, wrong


def measure(count: int) -> dict[str, float]:
    """Measure one size."""
    world = _world(count)
    begun = time.perf_counter()
    network_of(world)
    network_s = time.perf_counter() - begun
    gc.collect()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    begun, cpu = time.perf_counter(), time.process_time()
    reachability = Reachability(world)
    matrix = reachability.matrix
    senders = matrix.fill()
    seconds, cpu = time.perf_counter() - begun, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    begun = time.perf_counter()
    one = sum(1 for _ in reachability.rows(source="i-0"))
    one_s = time.perf_counter() - begun
    walk, decision, wrong = _baseline(world, reachability, random.Random(2))
    queries = count * (count - 1) * matrix.atoms.size
    return {
        "enis": count,
        "classes": matrix.classes,
        "senders": senders,
        "atoms": matrix.atoms.size,
        "sweeps": matrix.sweeps,
        "network_s": network_s,
        "reach_s": seconds,
        "cpu_s": cpu,
        "before_mb": before,
        "peak_mb": peak,
        "walk_us": walk * 1e6,
        "decision_us": decision * 1e6,
        "baseline_s": walk * queries,
        "ratio": walk * queries / seconds,
        "wrong": wrong,
        "one_rows": one,
        "one_s": one_s,
    }


def main() -> int:
    """Print the table."""
    if len(sys.argv) > 2 and sys.argv[1] == "--one":
        print(json.dumps(measure(int(sys.argv[2]))))
        return 0
    sizes = [int(word) for word in sys.argv[1:]] or [1000, 10000]
    print(
        f"{'ENIs':>6} {'classes':>8} {'atoms':>6} {'sweeps':>7} {'network s':>10} {'reach s':>8} {'CPU s':>6}"
        f" {'peak MB':>8} {'one walk us':>12} {'decide us':>10} {'all walks s':>12} {'ratio':>7} {'differences':>12}"
    )
    for size in sizes:
        words = [sys.executable, "-m", "tests.benchmarks.reach", "--one", str(size)]
        found = json.loads(subprocess.run(words, capture_output=True, text=True, check=True).stdout)
        print(
            f"{found['enis']:6} {found['classes']:8} {found['atoms']:6} {found['sweeps']:7} {found['network_s']:10.2f}"
            f" {found['reach_s']:8.3f} {found['cpu_s']:6.2f} {found['peak_mb']:8.0f} {found['walk_us']:12.1f}"
            f" {found['decision_us']:10.1f} {found['baseline_s']:12.0f} {found['ratio']:7.0f} {found['wrong']:12}"
        )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
