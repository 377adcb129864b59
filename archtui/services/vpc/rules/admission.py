"""SEC007-SEC009: security groups let those talk to each other who are meant to.

Databases (RDS005) and targets that lack a rule for the balancer (ELB007) have rules of their own; here
it is about rules that are there and wrong, and about everything else that links name.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from archtui.check.finding import Finding
from archtui.check.rule import Rule
from archtui.model.component import Json
from archtui.model.edits import Edit, append_to, set_property
from archtui.model.fields import port_range
from archtui.services.admission import admit
from archtui.services.conversations import Conversation, conversations, ports_served
from archtui.services.ec2.lookups import ends_of
from archtui.services.elb.properties import LoadBalancerProperties
from archtui.services.lookups import Peer, admits, as_kind, covers, names_peer
from archtui.services.rds.properties import DbInstanceProperties
from archtui.services.vpc.properties import SecurityGroupProperties
from archtui.world.world import World

_RULES = "https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html"
_GROUPS = "https://docs.aws.amazon.com/vpc/latest/userguide/vpc-security-groups.html"

_TWO = """\
components:
  vpc: {kind: vpc, cidr: 10.0.0.0/16}
  app-a: {kind: subnet, vpc: vpc, az: a, cidr: 10.0.10.0/24}
  web: {kind: ec2, subnet: app-a, security_groups: [web-sg]}
  api: {kind: ec2, subnet: app-a, security_groups: [api-sg], listens: [{port: 8080}]}
  web-sg: {kind: security_group, vpc: vpc}
  ops-sg: {kind: security_group, vpc: vpc}
  api-sg: {kind: security_group, vpc: vpc, ingress: [{port: 8080, from: web-sg}]}
links:
  - {from: web, to: api, port: 8080}
"""


@dataclass(frozen=True, slots=True)
class _Refused:
    """A conversation that the server's groups do not admit."""

    talk: Conversation
    groups: tuple[str, ...]
    client: Peer


def _refused(world: World) -> tuple[_Refused, ...]:
    """Return the conversations that the server's groups do not admit."""
    found: list[_Refused] = []
    decided: dict[tuple[tuple[str, ...], Peer, int, str], bool] = {}
    for talk in conversations(world):
        groups = ends_of(world, talk.server).groups
        client = ends_of(world, talk.client)
        if not groups or not client.subnets or _has_public_nodes(world, talk.server) or not _joined(world, talk):
            continue
        key = (groups, client.peer, talk.port, talk.protocol)
        if key not in decided:
            decided[key] = admits(world, *key)
        if not decided[key]:
            found.append(_Refused(talk, groups, client.peer))
    return tuple(found)


def _clients(world: World) -> dict[tuple[str, int], frozenset[Peer]]:
    """Return, for each server's group and port, who asks there."""
    found: dict[tuple[str, int], set[Peer]] = {}
    for talk in conversations(world):
        peer = ends_of(world, talk.client).peer
        for group in ends_of(world, talk.server).groups:
            found.setdefault((group, talk.port), set()).add(peer)
    return {key: frozenset(peers) for key, peers in found.items()}


def _has_public_nodes(world: World, name: str) -> bool:
    """Say whether ``name`` is reached by public addresses, so that who asks is seen by its public address."""
    balancer = as_kind(world, name, LoadBalancerProperties)
    return balancer is not None and balancer.scheme == "internet-facing"


def _joined(world: World, talk: Conversation) -> bool:
    """Say whether both ends are in one VPC; what crosses VPCs is a matter of addresses and of other rules."""
    here, there = world.placement(talk.client).vpc, world.placement(talk.server).vpc
    return here is not None and here == there


class WrongSource(Rule):
    """A security group that admits somebody else on the port that a client needs."""

    id = "SEC007"
    title = "Server's security group does not admit the client"
    severity = "error"
    class_ = "reachability"
    kinds = ("security_group",)
    why = "What no rule admits is dropped without an answer: the client waits until it times out."
    fix = "Name the client's security group as the source of the rule."
    sources = (_RULES, _GROUPS)
    facts = ("security_group-default-deny-01", "security_group-chain-01", "security_group-reference-01")
    example_bad = _TWO.replace("from: web-sg}]", "from: ops-sg}]")
    example_good = _TWO
    example_finds = ("api-sg", "web", "api")

    def check(self, world: World) -> Iterator[Finding]:
        """Find rules on the right port with the wrong source, and linked servers without a rule for it."""
        seen: set[tuple[str, tuple[str, ...], int]] = set()
        for refused in world.part(_refused):
            talk, groups, peer = refused.talk, refused.groups, refused.client
            if as_kind(world, talk.server, DbInstanceProperties):
                continue
            wrong = _rules_on(world, groups, talk)
            if not wrong and (talk.cause != "link" or _wrong_port(world, groups, peer, talk)):
                continue
            group, index = wrong[0] if wrong else (groups[0], None)
            key = (group, peer.groups, talk.port)
            if key in seen:
                continue
            seen.add(key)
            yield self._found(world, talk, group, index, peer)

    def _found(self, world: World, talk: Conversation, group: str, index: int | None, peer: Peer) -> Finding:
        properties = as_kind(world, group, SecurityGroupProperties)
        who = f"{talk.client} ({', '.join(peer.groups)})" if peer.groups else talk.client
        if index is None or properties is None:
            message = f"{group} has no rule that lets {who} in on port {talk.port}; {talk.server} needs it."
        else:
            source = properties.ingress[index].source
            message = f"{group} opens port {talk.port} to {source}, not to {who}, which needs {talk.server}."
        return self.finding(
            group,
            talk.client,
            talk.server,
            message=message,
            path=() if index is None or group not in world.blueprint.components else ("ingress", index),
            fixable=bool(_admissions(world, talk, group, index)),
            detail=(talk.client, talk.server, talk.port, talk.protocol, talk.cause, -1 if index is None else index),
        )

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Name the client's group in the rule, or add a rule for it."""
        index = int(finding.detail[5])
        for talk in conversations(world):
            if (talk.client, talk.server, talk.port, talk.protocol, talk.cause) == finding.detail[:5]:
                return _admissions(world, talk, finding.subject, None if index < 0 else index)
        return ()


def _rules_on(world: World, groups: tuple[str, ...], talk: Conversation) -> list[tuple[str, int]]:
    found: list[tuple[str, int]] = []
    for name in groups:
        properties = as_kind(world, name, SecurityGroupProperties)
        for index, rule in enumerate(properties.ingress if properties else ()):
            if covers(rule, talk.protocol, talk.port):
                found.append((name, index))
    return found


def _admissions(world: World, talk: Conversation, group: str, index: int | None) -> tuple[Edit, ...]:
    if talk.protocol != "tcp" or group not in world.blueprint.components:
        return ()
    client = ends_of(world, talk.client)
    name = next((item for item in client.groups if item in world.blueprint.components), None)
    adds = admit(world, (group,), client.peer, talk.port, f"{talk.client} to {talk.server}")
    properties = as_kind(world, group, SecurityGroupProperties)
    if index is None or name is None or properties is None:
        return adds
    rule = properties.ingress[index]
    exact = rule.ports is not None and port_range(rule.ports) == (talk.port, talk.port)
    if exact and not _needed(world, group, rule.source, talk.port):
        source = "self" if name == group else name
        return (set_property(group, ("ingress", index, "from"), source), *adds)
    return adds


def _needed(world: World, group: str, source: str, port: int) -> bool:
    """Say whether some other conversation relies on ``group`` admitting ``source`` on ``port``."""
    return any(names_peer(world, group, source, peer) for peer in world.part(_clients).get((group, port), ()))


class WrongPort(Rule):
    """A rule that names the client but a port on which the server does not listen."""

    id = "SEC008"
    title = "Rule's port differs from the port the server listens on"
    severity = "error"
    class_ = "reachability"
    kinds = ("security_group",)
    why = "The rule admits the client on a port that nobody answers, and connections to the real port time out."
    fix = "Set the rule to the port that the server listens on."
    sources = (_RULES,)
    facts = ("security_group-rule-fields-01", "security_group-default-deny-01")
    example_bad = _TWO.replace("ingress: [{port: 8080, from: web-sg}]", "ingress: [{port: 8008, from: web-sg}]")
    example_good = _TWO
    example_finds = ("api-sg", "web", "api")

    def check(self, world: World) -> Iterator[Finding]:
        """Look, for each refused client, for a rule about a port that is not served."""
        seen: set[tuple[str, int]] = set()
        for refused in world.part(_refused):
            talk, groups, peer = refused.talk, refused.groups, refused.client
            wrong = _wrong_port(world, groups, peer, talk)
            if wrong and wrong not in seen:
                seen.add(wrong)
                group, index = wrong
                properties = as_kind(world, group, SecurityGroupProperties)
                ports = properties.ingress[index].ports if properties else ""
                yield self.finding(
                    group,
                    talk.client,
                    talk.server,
                    message=f"{group} admits {talk.client} on port {ports}; {talk.server} listens on {talk.port}.",
                    path=("ingress", index),
                    fixable=group in world.blueprint.components,
                    detail=(index, talk.port),
                )

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Set the port."""
        if finding.subject not in world.blueprint.components:
            return ()
        return (set_property(finding.subject, ("ingress", int(finding.detail[0]), "port"), finding.detail[1]),)


def _wrong_port(world: World, groups: tuple[str, ...], peer: Peer, talk: Conversation) -> tuple[str, int] | None:
    """Return the rule that names the client and a single port that the server, which serves the right one, does not."""
    served = ports_served(world, talk.server)
    if served is None or talk.port not in served:
        return None
    for name in groups:
        properties = as_kind(world, name, SecurityGroupProperties)
        for index, rule in enumerate(properties.ingress if properties else ()):
            single = rule.ports is not None and len(set(port_range(rule.ports))) == 1
            if rule.protocol != talk.protocol or not single or rule.ports is None:
                continue
            if port_range(rule.ports)[0] not in served and names_peer(world, name, rule.source, peer):
                return name, index
    return None


class EgressBlocked(Rule):
    """A client whose security groups do not let the call out."""

    id = "SEC009"
    title = "Client's security group does not let the call out"
    severity = "error"
    class_ = "reachability"
    kinds = ("security_group",)
    why = "Outbound rules are asked before the packet leaves; a group with rules of its own lets nothing else out."
    fix = "Add an outbound rule for the server's group and port."
    sources = (_RULES, _GROUPS)
    facts = ("security_group-default-01", "security_group-default-deny-01")
    example_bad = _TWO.replace(
        "web-sg: {kind: security_group, vpc: vpc}",
        "web-sg: {kind: security_group, vpc: vpc, egress: [{port: 443, to: 0.0.0.0/0}]}",
    )
    example_good = example_bad.replace("egress: [", "egress: [{port: 8080, to: api-sg}, ")
    example_finds = ("web-sg", "web", "api")

    def check(self, world: World) -> Iterator[Finding]:
        """Find conversations that no outbound rule of the client covers."""
        seen: set[tuple[tuple[str, ...], Peer, int, str]] = set()
        reported: set[tuple[str, tuple[str, ...], int]] = set()
        for talk in conversations(world):
            groups, server = ends_of(world, talk.client).groups, ends_of(world, talk.server)
            if not groups or not server.subnets or _has_public_nodes(world, talk.server) or not _joined(world, talk):
                continue
            key = (groups, server.peer, talk.port, talk.protocol)
            if key in seen:
                continue
            seen.add(key)
            told = (groups[0], server.groups, talk.port)
            if told not in reported and not _lets_out(world, groups, server.peer, talk):
                reported.add(told)
                yield self.finding(
                    groups[0],
                    talk.client,
                    talk.server,
                    message=f"{', '.join(groups)} lets {talk.client} out on other ports only, not to {talk.server} on "
                    f"{talk.port}.",
                    fixable=bool(_way_out(world, groups, server.peer, talk.port, talk.protocol)),
                    detail=(talk.server, talk.port, talk.protocol, *groups),
                )

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Add an outbound rule."""
        server, port, protocol, *groups = finding.detail
        peer = ends_of(world, str(server)).peer
        return _way_out(world, tuple(str(group) for group in groups), peer, int(port), str(protocol))


def _lets_out(world: World, groups: tuple[str, ...], server: Peer, talk: Conversation) -> bool:
    for name in groups:
        properties = as_kind(world, name, SecurityGroupProperties)
        if properties is None or properties.egress is None:
            return True
        if any(
            covers(rule, talk.protocol, talk.port) and names_peer(world, name, rule.destination, server)
            for rule in properties.egress
        ):
            return True
    return False


def _way_out(world: World, groups: tuple[str, ...], server: Peer, port: int, protocol: str) -> tuple[Edit, ...]:
    group = next((name for name in groups if name in world.blueprint.components), None)
    target = next((name for name in server.groups if name in world.blueprint.components), None)
    if group is None or target is None:
        return ()
    rule: dict[str, Json] = {"protocol": protocol, "port": port, "to": "self" if target == group else target}
    return (append_to(world.blueprint, group, ("egress",), rule),)
