"""SEC001-SEC005: what security groups open to the world."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from archtui.check.finding import Finding
from archtui.check.rule import ComponentRule, properties
from archtui.model.component import Component, Json
from archtui.model.edits import Edit, append_to, join, set_property
from archtui.model.fields import port_range
from archtui.services.conversations import conversations
from archtui.services.ec2.lookups import ends_of
from archtui.services.lookups import EVERYWHERE, as_kind, covers
from archtui.services.vpc.properties import SecurityGroupProperties, SecurityGroupRule, VpcProperties
from archtui.world.world import World

_RULES = "https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html"
_REFERENCE = "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/security-group-rules-reference.html"
_SESSIONS = "https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager.html"
DATA_PORTS = {
    1433: "SQL Server",
    1521: "Oracle",
    3306: "MySQL",
    5432: "PostgreSQL",
    6379: "Redis",
    9200: "OpenSearch",
    11211: "Memcached",
    27017: "MongoDB",
}
"""The ports that databases, caches and search engines answer on (IANA's service registry, the engines' manuals)."""
WIDE = 100
"""More ports than this in one rule are more than anybody reviews."""
TRACEROUTE = (33434, 33534)
"""The UDP ports that traceroute probes because nothing answers there (traceroute(8), default port 33434)."""


def _group(*rules: str) -> str:
    """Return an example: a security group with these ingress rules."""
    return (
        "components:\n"
        "  vpc: {kind: vpc, cidr: 10.0.0.0/16}\n"
        "  web-sg:\n"
        "    kind: security_group\n"
        "    vpc: vpc\n"
        "    ingress:\n" + "".join(f"      - {{{rule}}}\n" for rule in rules)
    )


def is_everyone(source: str) -> bool:
    """Say whether ``source`` is every address."""
    return source == "any" or source in EVERYWHERE


def span_of(rule: SecurityGroupRule) -> tuple[int, int]:
    """Return the ports a rule opens."""
    return (0, 65535) if rule.protocol == "all" or rule.ports is None else port_range(rule.ports)


def opens_all(rule: SecurityGroupRule) -> bool:
    """Say whether ``rule`` opens every port."""
    low, high = span_of(rule)
    return rule.protocol in ("all", "tcp", "udp") and low <= 1 and high == 65535


class _OpenPort(ComponentRule):
    """A port of a kind that must not be open to the world."""

    severity = "error"
    class_ = "security"
    kinds = ("security_group",)
    ports: ClassVar[dict[int, str]]

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look at the rules that admit everyone; one that opens all ports is another rule's business."""
        for index, rule in enumerate(properties(component, SecurityGroupProperties).ingress):
            hit = [port for port in self.ports if covers(rule, "tcp", port)]
            if hit and is_everyone(rule.source) and not opens_all(rule):
                named = ", ".join(f"{self.ports[port]} ({port})" for port in hit)
                yield self.finding(
                    component.id,
                    message=f"{component.id} lets {named} in from {_everyone(rule.source)}.",
                    path=("ingress", index),
                    detail=(index, *hit),
                )

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Admit the groups of the known clients, or else the VPC's own addresses, instead of everyone."""
        index, ports = int(finding.detail[0]), {int(port) for port in finding.detail[1:]}
        sources = _sources(world, finding.subject, ports)
        if not sources:
            return ()
        edits = [set_property(finding.subject, ("ingress", index, "from"), sources[0])]
        written = world.blueprint.components[finding.subject].raw.get("ingress")
        body = written[index] if isinstance(written, list) else None
        if isinstance(body, dict):
            for source in sources[1:]:
                more: dict[str, Json] = {**body, "from": source}
                edits.append(append_to(world.blueprint, finding.subject, ("ingress",), more))
        return (join(f"admit {', '.join(sources)} in {finding.subject} instead of everyone", edits),)


def _everyone(source: str) -> str:
    return "everywhere" if source == "any" else source


def _sources(world: World, group: str, ports: set[int]) -> tuple[str, ...]:
    """Return who should be let in at ``group``: the clients' groups as far as the design names them, or the VPC."""
    clients: dict[str, None] = {}
    for talk in conversations(world):
        if talk.port in ports and group in ends_of(world, talk.server).groups:
            named = (name for name in ends_of(world, talk.client).groups if name in world.blueprint.components)
            clients |= dict.fromkeys("self" if name == group else name for name in named)
    if clients:
        return tuple(clients)
    properties_ = as_kind(world, group, SecurityGroupProperties)
    vpc = as_kind(world, properties_.vpc, VpcProperties) if properties_ else None
    return (vpc.cidr,) if vpc else ()


class SshOpen(_OpenPort):
    """SSH open to the world."""

    id = "SEC001"
    title = "SSH open to the world"
    why = "Every scanner on the internet finds port 22 within minutes and tries names and keys from then on."
    fix = "Name the addresses administrators come from, or use Session Manager, which needs no open port."
    sources = (_REFERENCE, _SESSIONS)
    facts = ("security_group-ports-01",)
    example_bad = _group("port: 22, from: 0.0.0.0/0")
    example_good = _group("port: 22, from: 192.0.2.0/24")
    example_finds = ("web-sg",)
    ports: ClassVar = {22: "SSH"}


class RdpOpen(_OpenPort):
    """Remote desktop open to the world."""

    id = "SEC002"
    title = "RDP open to the world"
    why = "Remote desktop is among the first doors that intruders and extortionists try."
    fix = "Name the addresses administrators come from, or use Session Manager, which needs no open port."
    sources = (_REFERENCE, _SESSIONS)
    facts = ("security_group-ports-01",)
    example_bad = _group("port: 3389, from: any")
    example_good = _group("port: 3389, from: 192.0.2.0/24")
    example_finds = ("web-sg",)
    ports: ClassVar = {3389: "RDP"}


class DataPortOpen(_OpenPort):
    """The port of a database or cache open to the world."""

    id = "SEC003"
    title = "Database or cache port open to the world"
    why = (
        "A data store answers its application and nobody else; an open port needs one weak password to lose everything."
    )
    fix = "Name the application's security group as the source."
    sources = (_REFERENCE, "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.RDSSecurityGroups.html")
    facts = ("security_group-db-port-01", "security_group-chain-01", "subnet-private-02")
    example_bad = _group("port: 5432, from: 0.0.0.0/0")
    example_good = _group("port: 5432, from: 10.0.10.0/24")
    example_finds = ("web-sg",)
    ports: ClassVar = DATA_PORTS


class EverythingOpen(ComponentRule):
    """All ports open to the world."""

    id = "SEC004"
    title = "All ports open to the world"
    severity = "error"
    class_ = "security"
    kinds = ("security_group",)
    reads = ()
    why = "A group that admits everything from everyone filters nothing."
    fix = "List the ports that the component serves."
    sources = (_RULES,)
    facts = ("security_group-default-deny-01", "security_group-rule-fields-01")
    example_bad = _group("protocol: all, from: 0.0.0.0/0")
    example_good = _group("port: 443, from: 0.0.0.0/0")
    example_finds = ("web-sg",)

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look for a rule that admits everything from everyone."""
        for index, rule in enumerate(properties(component, SecurityGroupProperties).ingress):
            if is_everyone(rule.source) and opens_all(rule):
                ports = "everything" if rule.protocol == "all" else f"every {rule.protocol.upper()} port"
                yield self.finding(
                    component.id,
                    message=f"{component.id} lets {ports} in from {_everyone(rule.source)}.",
                    path=("ingress", index),
                )


class WideRange(ComponentRule):
    """A rule that opens many ports to addresses instead of a security group."""

    id = "SEC005"
    title = "Wide port range open"
    severity = "warning"
    class_ = "security"
    kinds = ("security_group",)
    reads = ("prefix_list",)
    why = "A wide range also opens whatever starts to listen inside it later; nobody reviews a thousand ports."
    fix = "Split it into the ports that are served, or name a security group as the source."
    sources = (_RULES,)
    facts = ("security_group-rule-fields-01",)
    example_bad = _group("port: 8000-9000, from: 10.0.0.0/16")
    example_good = _group("port: 8080, from: 10.0.0.0/16")
    example_finds = ("web-sg",)

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Measure the ranges."""
        for index, rule in enumerate(properties(component, SecurityGroupProperties).ingress):
            low, high = span_of(rule)
            group = rule.source == "self" or as_kind(world, rule.source, SecurityGroupProperties) is not None
            reported = is_everyone(rule.source) and opens_all(rule)
            reported = reported or (rule.protocol == "udp" and (low, high) == TRACEROUTE)
            if rule.protocol in ("all", "tcp", "udp") and high - low >= WIDE and not group and not reported:
                yield self.finding(
                    component.id,
                    message=f"{component.id} opens {high - low + 1} ports ({low}-{high}) to {_everyone(rule.source)}.",
                    path=("ingress", index),
                )
