"""NET019-NET023: the entries of a network ACL and where it is attached."""

from __future__ import annotations

from collections.abc import Iterator

from archtui.check.finding import Finding
from archtui.check.rule import ComponentRule, properties
from archtui.model.component import Component
from archtui.model.edits import Edit, remove_component, set_property
from archtui.model.operations import Remove, Set
from archtui.services.lookups import EVERYWHERE, as_kind
from archtui.services.vpc.acl import Direction, about, block_of, entries_of, hides, ports_of, ports_text
from archtui.services.vpc.properties import AclEntry, NetworkAclProperties
from archtui.world.world import World

_RULES = "https://docs.aws.amazon.com/vpc/latest/userguide/nacl-rules.html"
_BASICS = "https://docs.aws.amazon.com/vpc/latest/userguide/nacl-basics.html"
_DIRECTIONS: tuple[Direction, ...] = ("ingress", "egress")
ADMINISTRATION = {22: "SSH", 3389: "RDP"}
"""Ports by which machines are administered (fact security_group-ports-01)."""


def _acl(ingress: str, egress: str = "{rule: 100, to: 0.0.0.0/0}") -> str:
    """Return an example: a subnet with an ACL of these entries."""
    return (
        "components:\n"
        "  vpc: {kind: vpc, cidr: 10.0.0.0/16}\n"
        "  app-a: {kind: subnet, vpc: vpc, az: a, cidr: 10.0.0.0/24, nacl: edge}\n"
        "  edge:\n"
        "    kind: network_acl\n"
        "    vpc: vpc\n"
        "    ingress:\n"
        + "".join(f"      - {{{entry}}}\n" for entry in ingress.split("; "))
        + f"    egress: [{egress}]\n"
    )


def _entry(world: World, finding: Finding, place: int = 1) -> tuple[Direction, int, AclEntry] | None:
    """Return the entry that ``finding.detail`` names: the direction and, at ``place``, its index."""
    acl = as_kind(world, finding.subject, NetworkAclProperties)
    if acl is None:
        return None
    direction: Direction = "ingress" if finding.detail[0] == "ingress" else "egress"
    index = int(finding.detail[place])
    return direction, index, entries_of(acl, direction)[index]


class HiddenAllow(ComponentRule):
    """A deny entry that decides everything a later allow entry is about."""

    id = "NET019"
    title = "Deny entry with a lower number hides an allow entry"
    severity = "warning"
    class_ = "reachability"
    kinds = ("network_acl",)
    reads = ()
    why = "Entries are asked in rising number and the first that matches decides; the allow entry is never reached."
    fix = "Give the allow entry the lower number, or remove it."
    sources = (_BASICS, _RULES)
    facts = ("nacl-rules-01",)
    example_bad = _acl(
        "rule: 90, action: deny, protocol: tcp, port: 0-1023, from: 0.0.0.0/0; "
        "rule: 100, protocol: tcp, port: 443, from: 0.0.0.0/0"
    )
    example_good = _acl(
        "rule: 90, protocol: tcp, port: 443, from: 0.0.0.0/0; "
        "rule: 100, action: deny, protocol: tcp, port: 0-1023, from: 0.0.0.0/0"
    )
    example_finds = ("edge",)

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Compare each allow entry with the deny entries before it."""
        acl = properties(component, NetworkAclProperties)
        for direction in _DIRECTIONS:
            entries = entries_of(acl, direction)
            for index, entry in enumerate(entries):
                before = [
                    place for place, other in enumerate(entries) if other.action == "deny" and hides(other, entry)
                ]
                if entry.action == "allow" and before:
                    first = min(before, key=lambda place: entries[place].rule)
                    yield self.finding(
                        component.id,
                        message=f"{direction.capitalize()} entry {entry.rule} of {component.id} is never reached: "
                        f"entry {entries[first].rule} denies all that it allows.",
                        path=(direction, index),
                        detail=(direction, index, first),
                    )

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Swap the numbers."""
        late, early = _entry(world, finding), _entry(world, finding, 2)
        if late is None or early is None:
            return ()
        root = ("components", finding.subject, late[0])
        swap = (Set((*root, late[1], "rule"), early[2].rule), Set((*root, early[1], "rule"), late[2].rule))
        return (Edit(f"swap entries {early[2].rule} and {late[2].rule} of {finding.subject}", swap),)


class DuplicateNumber(ComponentRule):
    """Two entries of one direction with the same number."""

    id = "NET020"
    title = "Duplicate entry number in one direction of a network ACL"
    severity = "error"
    class_ = "correctness"
    kinds = ("network_acl",)
    reads = ()
    why = "The number identifies an entry within its direction; AWS refuses a second one with the same."
    fix = "Renumber one of the two."
    sources = (_RULES,)
    facts = ("nacl-rules-01",)
    example_bad = _acl(
        "rule: 100, protocol: tcp, port: 443, from: 0.0.0.0/0; rule: 100, protocol: tcp, port: 80, from: 0.0.0.0/0"
    )
    example_good = example_bad.replace("rule: 100, protocol: tcp, port: 80", "rule: 110, protocol: tcp, port: 80")
    example_finds = ("edge",)

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look for a number that was used before."""
        acl = properties(component, NetworkAclProperties)
        for direction in _DIRECTIONS:
            seen: set[int] = set()
            for index, entry in enumerate(entries_of(acl, direction)):
                if entry.rule in seen:
                    yield self.finding(
                        component.id,
                        message=f"{component.id} has two {direction} entries numbered {entry.rule}.",
                        path=(direction, index, "rule"),
                        detail=(direction, index),
                    )
                seen.add(entry.rule)

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Give the second the next free number."""
        found = _entry(world, finding)
        acl = as_kind(world, finding.subject, NetworkAclProperties)
        if found is None or acl is None:
            return ()
        taken = {entry.rule for entry in entries_of(acl, found[0])}
        number = next((number for number in range(found[2].rule + 1, 32767) if number not in taken), None)
        return (set_property(finding.subject, (found[0], found[1], "rule"), number),) if number else ()


class AdministrationOpen(ComponentRule):
    """A network ACL that lets SSH or RDP in from everywhere."""

    id = "NET021"
    title = "Network ACL opens SSH or RDP to the internet"
    severity = "warning"
    class_ = "security"
    kinds = ("network_acl",)
    reads = ()
    why = "Ports for administration that answer to everyone are tried by everyone; the network ACL is a second fence."
    fix = "Name the addresses that administrators come from, or use Session Manager and drop the entry."
    sources = (_BASICS, "https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html")
    facts = ("security_group-ports-01",)
    example_bad = _acl("rule: 100, protocol: tcp, port: 22, from: 0.0.0.0/0")
    example_good = _acl("rule: 100, protocol: tcp, port: 22, from: 192.0.2.0/24")
    example_finds = ("edge",)

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look at the entries that admit everyone; the wide range of reply ports (1024-65535) is no service."""
        acl = properties(component, NetworkAclProperties)
        for index, entry in enumerate(acl.ingress):
            low, high = ports_of(entry)
            services = [name for port, name in ADMINISTRATION.items() if low <= port <= high]
            everyone = block_of(entry) in EVERYWHERE and entry.action == "allow" and about(entry, "tcp")
            replies = low >= 1024 and high - low > 1000
            if acl.default or not everyone or replies or not services or (low, high) == (0, 65535):
                continue
            if not any(hides(other, entry) for other in acl.ingress):
                yield self.finding(
                    component.id,
                    message=f"Entry {entry.rule} of {component.id} lets {' and '.join(services)} in from everywhere.",
                    path=("ingress", index),
                    detail=("ingress", index),
                )

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Remove the entry."""
        found = _entry(world, finding)
        if found is None:
            return ()
        path = ("components", finding.subject, found[0], found[1])
        return (Edit(f"remove entry {found[2].rule} of {finding.subject}", (Remove(path),)),)


class UnattachedAcl(ComponentRule):
    """A network ACL that no subnet uses."""

    id = "NET022"
    title = "Network ACL attached to no subnet"
    severity = "info"
    class_ = "operations"
    kinds = ("network_acl",)
    reads = ("subnet",)
    why = "A network ACL filters at the edge of the subnets it is attached to; without one it filters nothing."
    fix = "Attach it to a subnet, or delete it."
    sources = (_BASICS,)
    facts = ("nacl-association-01",)
    example_bad = _acl("rule: 100, from: 10.0.0.0/8").replace(", nacl: edge", "")
    example_good = _acl("rule: 100, from: 10.0.0.0/8")
    example_finds = ("edge",)

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look for a subnet that names it."""
        if not properties(component, NetworkAclProperties).default and not world.referrers(component.id):
            yield self.finding(component.id, message=f"{component.id} is attached to no subnet.")

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Delete it."""
        return (remove_component(world.blueprint, finding.subject),)


class AllowsEverything(ComponentRule):
    """A custom network ACL that lets everything in from everywhere."""

    id = "NET023"
    title = "Network ACL allows every port from everywhere"
    severity = "warning"
    class_ = "security"
    kinds = ("network_acl",)
    reads = ()
    why = "A custom network ACL that lets everything in protects nothing and is one more thing to look after."
    fix = "List the ports that are needed, or use the VPC's default network ACL."
    sources = (_BASICS,)
    facts = ("nacl-choose-01",)
    example_bad = _acl("rule: 100, from: 0.0.0.0/0")
    example_good = _acl("rule: 90, action: deny, from: 203.0.113.0/24; rule: 100, from: 0.0.0.0/0")
    example_finds = ("edge",)

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look for an entry that admits all; one that comes after a deny entry is a block list and fine."""
        acl = properties(component, NetworkAclProperties)
        denied = min((entry.rule for entry in acl.ingress if entry.action == "deny"), default=32767)
        for index, entry in enumerate(acl.ingress):
            everything = entry.protocol == "all" or (entry.protocol == "tcp" and ports_of(entry) == (0, 65535))
            admits = entry.action == "allow" and block_of(entry) in EVERYWHERE and everything
            if admits and not acl.default and entry.rule < denied:
                ports = f"ports {ports_text(ports_of(entry))}" if entry.protocol == "tcp" else "everything"
                yield self.finding(
                    component.id,
                    message=f"Entry {entry.rule} of {component.id} lets {ports} in from {block_of(entry)}.",
                    path=("ingress", index),
                )
