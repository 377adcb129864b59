"""Making connections step by step: what the ``connect`` modules of the families share.

Each step looks at the world that the steps before it have made, so nothing is added twice and nothing
is added that is there already.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from archtui.model.component import Component, Json
from archtui.model.connect import Proposal, Refusal, Way
from archtui.model.edits import Edit, add_component, add_link, append_to, join, set_property, unused_id
from archtui.services.conversations import conversations
from archtui.services.ec2.lookups import listens_of
from archtui.services.lookups import Peer, admits, as_kind, covers, each, is_public, names_peer
from archtui.services.vpc.properties import (
    SecurityGroupProperties,
    VpcPeeringConnectionProperties,
    VpcProperties,
)
from archtui.world.compiler import compile_world
from archtui.world.world import World


class RefusedError(Exception):
    """A step of a connection cannot be made; :attr:`refusal` says why."""

    def __init__(self, reason: str, usual_way_round: str = "") -> None:
        self.refusal = Refusal(reason, usual_way_round)
        super().__init__(reason)


class Wiring:
    """A connection in the making: the world as it would be, the edits so far, what they do in words."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._edits: list[Edit] = []
        self._said: list[str] = []

    def do(self, edit: Edit | None, said: str = "") -> None:
        """Make ``edit``; ``said`` is what it does, a clause."""
        if edit is not None and edit.operations:
            blueprint, _ = self.world.blueprint.edited(edit.operations)
            self.world = compile_world(blueprint, self.world)
            self._edits.append(edit)
            if said:
                self._said.append(said)

    def proposal(self, label: str, already: str) -> Proposal:
        """Return all steps as one edit; ``already`` is what to say where nothing was missing."""
        sentence = "; ".join(dict.fromkeys(self._said))
        if sentence.partition(" ")[0] not in self.world.components:
            sentence = f"{sentence[:1].upper()}{sentence[1:]}"
        return Proposal(join(label, self._edits), f"{sentence}." if sentence else already)

    # -- where things are -------------------------------------------------------------------------

    def written(self, name: str) -> bool:
        """Whether ``name`` stands in the document."""
        return name in self.world.blueprint.components

    def vpc(self, name: str) -> str | None:
        """Return the VPC that ``name`` is in."""
        return self.world.placement(name).vpc

    def carrier(self, name: str) -> str:
        """Return the component whose security groups hold for ``name``: its template, interface or itself."""
        properties = self.world.components[name].properties
        template = getattr(properties, "launch_template", None)
        interfaces = getattr(properties, "network_interfaces", ())
        if "security_groups" not in type(properties).model_fields and template:
            return str(template)
        return str(interfaces[0]) if interfaces else name

    def groups(self, name: str) -> tuple[str, ...]:
        """Return the security groups that filter at ``name``."""
        return tuple(getattr(self.world.components[self.carrier(name)].properties, "security_groups", ()))

    def raw(self, name: str, key: str) -> Json:
        """Return property ``key`` of ``name`` as the document has it."""
        component = self.world.blueprint.components.get(name)
        return component.raw.get(key) if component else None

    def port(self, name: str, usual: int) -> int:
        """Return the first port that a program on ``name`` is stated to listen on, or ``usual``."""
        services = listens_of(self.world, name)
        return services[0].port if services else usual

    def unused(self, stem: str) -> str:
        """Return an id that is free."""
        return unused_id(self.world.components, stem)

    # -- filters ------------------------------------------------------------------------------------

    def own_group(self, name: str) -> str:
        """Return a security group of ``name`` that the document has; one is made where there is none."""
        found = next((group for group in self.groups(name) if self.written(group)), None)
        if found is not None:
            return found
        carrier, group, vpc = self.carrier(name), self.unused(f"{name}-sg"), self.vpc(name)
        body: dict[str, Json] = {"vpc": vpc} if vpc and self.written(vpc) else {}
        made = add_component(group, "security_group", {**body, "description": f"of {name}"})
        both = join("", (made, set_property(carrier, ("security_groups",), [group])))
        talks = [talk for talk in conversations(self.world) if name in (talk.client, talk.server)]
        self.do(both, f"{name} gets the group {group}")
        for talk in talks:  # members of the default group reach each other; a group of its own must say so
            if {self.vpc(talk.client), self.vpc(talk.server)} == {vpc}:
                self.reach(talk.client, talk.server, talk.port)
        return group

    def reach(self, source: str, target: str, port: int) -> None:
        """Let ``source`` open connections to ``port`` of ``target``: rules of both sides' groups."""
        one, other = self.vpc(source), self.vpc(target)
        block = ""
        if one != other:
            block = self._peered_block(source, target)
        peer = Peer(self.groups(source) if not block else (), self.world.placement(source).subnets)
        if block or not admits(self.world, self.groups(target), peer, port):
            self.admit(target, port, block or self.own_group(source), f"from {source}")
        self.let_out(source, target, port)

    def admit(self, target: str, port: int, source: str, why: str) -> None:
        """Let ``source`` (a group or a block) in at ``target``."""
        group = self.own_group(target)
        properties = as_kind(self.world, group, SecurityGroupProperties)
        rules = properties.ingress if properties else ()
        named = {source, "self"} if source == group else {source}
        if any(covers(rule, "tcp", port) and rule.source in (*named, "any", "0.0.0.0/0") for rule in rules):
            return
        rule: Json = {"port": port, "from": "self" if source == group else source, "description": why}
        self.do(append_to(self.world.blueprint, group, ("ingress",), rule), f"{group} lets {source} in on port {port}")

    def let_out(self, source: str, target: str, port: int) -> None:
        """Let ``source`` open connections to ``port`` of ``target`` where its groups restrict what goes out."""
        peer = Peer(self.groups(target), self.world.placement(target).subnets)
        restricting: list[str] = []
        for group in self.groups(source):
            properties = as_kind(self.world, group, SecurityGroupProperties)
            if properties is None or properties.egress is None:
                return
            for rule in properties.egress:
                if covers(rule, "tcp", port) and names_peer(self.world, group, rule.destination, peer):
                    return
            if self.written(group):
                restricting.append(group)
        if restricting:
            to = self.own_group(target) if self.vpc(source) == self.vpc(target) else "any"
            opening: Json = {"port": port, "to": to, "description": f"to {target}"}
            edit = append_to(self.world.blueprint, restricting[0], ("egress",), opening)
            self.do(edit, f"{restricting[0]} lets connections to {to} out on port {port}")

    def _peered_block(self, source: str, target: str) -> str:
        """Return the block by which ``target`` knows ``source`` over a peering; refuse where there is none."""
        pair = {self.vpc(source), self.vpc(target)}
        for component, peering in each(self.world, VpcPeeringConnectionProperties):
            if {peering.requester, peering.accepter} == pair and peering.status == "active":
                home = as_kind(self.world, self.vpc(source), VpcProperties)
                if home:
                    return home.cidr
                raise RefusedError(f"The block of {component.id} is not known.")
        raise RefusedError(
            f"{source} is in {self.vpc(source)} and {target} in {self.vpc(target)}; VPCs do not see each other.",
            f"Connect {self.vpc(source)} to {self.vpc(target)} first; that makes a peering.",
        )

    # -- links --------------------------------------------------------------------------------------------

    def link(self, source: str, target: str, port: int) -> None:
        """Add the link between two applications, where there is none."""
        if not any(link.target == target for link in self.world.links_from(source)):
            self.do(
                add_link(self.world.blueprint, {"from": source, "to": target, "port": port}),
                f"{source} talks to {target} on port {port}",
            )

    def public_subnets(self, subnets: Iterable[str]) -> None:
        """Give every subnet a route to its VPC's internet gateway."""
        from archtui.services.vpc.edits import make_public

        for subnet in subnets:
            if not is_public(self.world, subnet):
                edit = make_public(self.world, subnet)
                if edit is None:
                    raise RefusedError(f"The subnet {subnet} has no way to the internet.", "Connect it to a gateway.")
                self.do(edit, f"{subnet} becomes public")


Make = Callable[[Wiring, Component, Component], str]
"""Makes the steps of a connection and returns its label; raises :class:`RefusedError`."""


def way(make: Make) -> Way:
    """Return ``make`` as the way a connection is made."""

    def run(world: World, a: Component, b: Component) -> Proposal | Refusal:
        wiring = Wiring(world)
        try:
            label = make(wiring, a, b)
        except RefusedError as error:
            return error.refusal
        return wiring.proposal(label, f"{a.id} and {b.id} are connected already.")

    return run


def never(reason: str, usual_way_round: str) -> Way:
    """Return a refusal for a pair; ``{a}`` and ``{b}`` in the texts are the two ids."""

    def run(world: World, a: Component, b: Component) -> Proposal | Refusal:  # noqa: ARG001
        return Refusal(reason.format(a=a.id, b=b.id), usual_way_round.format(a=a.id, b=b.id))

    return run
