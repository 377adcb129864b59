"""What a rule is. One rule is one class in ``archtui/services/<family>/rules/<slug>.py``.

This package never names a service: :func:`archtui.services.rules` walks the ``rules`` package of
every family, makes one instance of each concrete class it finds there, and the command line, the
TUI and the tests hand these instances to :func:`archtui.check.runner.check`. So a rule is added by
adding a module; nothing lists it.

A rule looks at the *world* (defaults explicit, references resolved), yields findings and offers
edits. It is pure: the same world gives the same findings, in any order (reports sort them). **What
it cannot decide it leaves alone**: a property that is not stated and has no AWS default is no
finding.

An example::

    class NatWithoutElasticIp(ComponentRule):
        id = "NET005"
        title = "Public NAT gateway without an Elastic IP"
        severity = "error"
        class_ = "correctness"
        kinds = ("nat_gateway",)
        reads = ()
        why = "A public NAT gateway puts its Elastic IP into the packets it sends on; it cannot exist without."
        fix = "Allocate an Elastic IP and give it to the gateway."
        sources = ("https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-basics.html",)
        facts = ("nat_gateway-eip-01",)
        example_bad = "components: ..."
        example_good = "components: ..."
        example_finds = ("nat",)

        def examine(self, component: Component, world: World) -> Iterator[Finding]:
            nat = properties(component, NatGatewayProperties)
            if nat.connectivity == "public" and not nat.elastic_ip:
                yield self.finding(component.id, message=f"{component.id} has no Elastic IP")

        def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
            ...
"""

from __future__ import annotations

import abc
from collections.abc import Iterator
from typing import ClassVar, Final, TypeVar

from archtui.check.finding import Finding, RuleClass, Severity
from archtui.model.component import Component, Json
from archtui.model.edits import Edit
from archtui.model.fields import Properties
from archtui.model.operations import Path
from archtui.world.world import World

P = TypeVar("P", bound=Properties)

EVERYTHING: Final = ("*",)
"""For ``reads``: the rule may look at any part of the design."""
LINKS: Final = "@links"
"""For ``reads``: the rule looks at the links."""
JOURNEYS: Final = "@journeys"
"""For ``reads``: the rule looks at the journeys."""


class Rule(abc.ABC):
    """One thing that can be wrong with a design."""

    id: ClassVar[str]
    """A family of two or three characters and three digits, as in the rule catalogue: ``NET001``, ``S3001``."""
    title: ClassVar[str]
    """What is wrong, in a few words."""
    severity: ClassVar[Severity]
    class_: ClassVar[RuleClass]
    kinds: ClassVar[tuple[str, ...]]
    """The kinds of component it is about (``archtui services`` lists it there)."""
    reads: ClassVar[tuple[str, ...]] = EVERYTHING
    """What else it looks at: further kinds, ``LINKS``, ``JOURNEYS``; ``()``: nothing but the components
    of ``kinds``. After an edit a rule runs again only if something of ``kinds`` or ``reads`` changed, so
    leave the default unless you are sure."""
    why: ClassVar[str]
    """Why it matters; a sentence or two in our own words."""
    fix: ClassVar[str]
    """What to do."""
    sources: ClassVar[tuple[str, ...]]
    """Pages of the AWS documentation (or an RFC) that say so."""
    facts: ClassVar[tuple[str, ...]] = ()
    """Entries of the fact base."""
    example_bad: ClassVar[str]
    """A blueprint (YAML text, as small as can be) in which the rule fires: its test and its documentation."""
    example_good: ClassVar[str]
    """The same design as it should be; the rule is silent."""
    example_finds: ClassVar[tuple[str, ...]]
    """The components that the finding on ``example_bad`` names, in order."""

    @abc.abstractmethod
    def check(self, world: World) -> Iterator[Finding]:
        """Yield what is wrong in ``world``."""

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Return edits of which each alone removes ``finding``, the best first.

        ``world`` is the design as it is now. A rule that overrides this says per finding, with
        ``fixable=False``, where it has none to offer.
        """
        return ()

    def finding(
        self,
        *components: str,
        message: str,
        path: Path = (),
        severity: Severity | None = None,
        why: str = "",
        fix: str = "",
        fixable: bool | None = None,
        detail: tuple[str | int, ...] = (),
    ) -> Finding:
        """Return a finding about ``components``, the one to change first.

        ``path`` is the place inside the first component (``("ingress", 0)``). ``severity``, ``why``
        and ``fix`` replace the rule's own where this case differs.
        """
        place: Path = ("components", components[0], *path) if components else path
        offers = type(self).fixes is not Rule.fixes
        return Finding(
            rule=self.id,
            severity=severity or self.severity,
            class_=self.class_,
            components=components,
            message=message,
            why=why or self.why,
            fix=fix or self.fix,
            facts=self.facts,
            fixable=offers if fixable is None else fixable,
            path=place,
            detail=detail,
        )

    def describe(self) -> dict[str, Json]:
        """Return the rule as ``archtui rules --format json`` prints it."""
        return {
            "id": self.id,
            "title": self.title,
            "severity": self.severity,
            "class": self.class_,
            "kinds": list(self.kinds),
            "why": self.why,
            "fix": self.fix,
            "fixable": type(self).fixes is not Rule.fixes,
            "sources": list(self.sources),
            "facts": list(self.facts),
            "example_bad": self.example_bad,
            "example_good": self.example_good,
        }


class ComponentRule(Rule):
    """A rule that looks at one component of its kinds at a time.

    Components that the author did not write (a default VPC, a main route table) are passed over
    unless ``implicit`` is set: nobody can change what is not in the document. With ``reads = ()``
    only the components that an edit changed are looked at again.
    """

    implicit: ClassVar[bool] = False

    @abc.abstractmethod
    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Yield what is wrong with ``component``."""

    def check(self, world: World) -> Iterator[Finding]:
        """Examine every component of the rule's kinds."""
        for component in self.subjects(world):
            yield from self.examine(component, world)

    def subjects(self, world: World) -> Iterator[Component]:
        """Yield the components to examine."""
        for kind in self.kinds:
            for component in world.of_kind(kind):
                if self.implicit or not component.implicit:
                    yield component


def properties(component: Component, model: type[P]) -> P:
    """Return the component's properties as ``model``; a rule for another kind is a programming error."""
    if not isinstance(component.properties, model):
        raise TypeError(f"{component.id} is a {component.kind.name}, not described by {model.__name__}")
    return component.properties
