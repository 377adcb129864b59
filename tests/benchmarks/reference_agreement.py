"""Does the engine agree with the reference interpreter (``tests/reference``)? Random flows over random designs.

Each flow is decided alone and among all others of its design, every fifth is traced as well: all must be the same.

Run ``python -m tests.benchmarks.reference_agreement [FLOWS]`` from the repository's root; it ends with 1 where there
is a difference.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from ipaddress import IPv4Address

from archtui.model.blueprint import Blueprint
from archtui.network.batch import decide_many
from archtui.network.engine import decide, trace_packet
from archtui.network.flow import Flow
from archtui.services import registry
from archtui.world.compiler import compile_world
from tests.reference.cloud import Cloud
from tests.reference.interpreter import OutOfScopeError, Question, answer
from tests.rich_networks import REGIONS, flows, rich

FLOWS_PER_DESIGN = 60
TRACED = 5
"""Every which flow is traced too."""


@dataclass
class Agreement:
    """What was compared."""

    flows: int = 0
    designs: int = 0
    outside: int = 0
    verdicts: Counter[str] = field(default_factory=Counter)
    codes: Counter[str] = field(default_factory=Counter)
    differences: list[str] = field(default_factory=list)


def compare(seed: int, agreement: Agreement, count: int = FLOWS_PER_DESIGN) -> None:
    """Compare ``count`` flows of one design."""
    made = rich(seed)
    data = {"blueprint": f"random {seed}", "region": REGIONS[0], "components": made.parts}
    world = compile_world(Blueprint.build(data, registry()))  # type: ignore[arg-type]
    cloud = Cloud(made.parts, REGIONS[0])
    agreement.designs += 1
    questions = flows(made, count)
    asked_all = [Flow(asked.source, asked.destination, asked.protocol, asked.port) for asked in questions]
    together = list(decide_many(world, asked_all))
    for asked, flow, among in zip(questions, asked_all, together, strict=True):
        question = Question(asked.source, IPv4Address(asked.destination), asked.protocol, asked.port)
        try:
            expected = answer(cloud, question)
        except OutOfScopeError:
            agreement.outside += 1
            continue
        found = decide(world, flow)
        explained = trace_packet(world, flow).verdict if agreement.flows % TRACED == 0 else found.verdict
        if among != found or explained is not found.verdict:
            agreement.differences.append(
                f"seed {seed}: {asked}: alone {found}, among others {among}, traced {explained}"
            )
        agreement.flows += 1
        agreement.verdicts[expected] += 1
        agreement.codes[found.code or "reachable"] += 1
        if str(found.verdict) != expected:
            blockers = [(blocker.component, blocker.code) for blocker in found.blockers]
            agreement.differences.append(
                f"seed {seed}: {asked}: the engine says {found.verdict} {blockers} {found.missing}, "
                f"the reference {expected}"
            )


def run(wanted: int, first: int = 0) -> Agreement:
    """Compare at least ``wanted`` flows, designs from seed ``first`` on."""
    agreement = Agreement()
    seed = first
    while agreement.flows < wanted:
        compare(seed, agreement)
        seed += 1
    return agreement


def main() -> int:
    """Print what was compared."""
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    first = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    begun = time.perf_counter()
    agreement = run(wanted, first)
    seconds = time.perf_counter() - begun
    shares = ", ".join(f"{name} {count}" for name, count in sorted(agreement.verdicts.items()))
    print(f"{agreement.flows} flows over {agreement.designs} designs in {seconds:.0f} s: {shares}")
    print(f"outside the subset: {agreement.outside}")
    print("the engine's codes: " + ", ".join(f"{code} {count}" for code, count in agreement.codes.most_common()))
    print(f"differences: {len(agreement.differences)}")
    for difference in agreement.differences[:30]:
        print(f"  {difference}")
    return int(bool(agreement.differences))


if __name__ == "__main__":
    raise SystemExit(main())
