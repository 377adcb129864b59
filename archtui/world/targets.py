"""How failures are written: ``db``, ``az:eu-west-1a``, ``slow:db=2s``; read against a world, contradictions refused."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from archtui.model.errors import did_you_mean
from archtui.model.fields import Duration, Percent
from archtui.world.condition import Condition, TargetError
from archtui.world.faults import ControlPlanes, Expires, HasQuotas, Interruptible, Judged, Lags, Quota, Throttled
from archtui.world.racks import racks
from archtui.world.world import World

V = TypeVar("V")
_SECONDS: TypeAdapter[float] = TypeAdapter(Duration)
_SHARE: TypeAdapter[float] = TypeAdapter(Percent)


@dataclass(frozen=True, slots=True)
class Form:
    """One way to write a target."""

    verb: str
    """What stands before the colon; empty: none does."""
    written: str
    """As help shows it: ``az:ZONE``."""
    about: str
    read: Callable[[World, Target], Condition]
    sentence: str
    """What it says, with ``{subject}`` and ``{value}``."""


@dataclass(frozen=True, slots=True)
class Target:
    """One failure as it is written."""

    text: str
    verb: str
    subject: str
    value: str = ""

    @property
    def form(self) -> Form:
        """The way in which it is written."""
        return FORMS[self.verb]

    @property
    def sentence(self) -> str:
        """What it says: ``Availability zone eu-west-1a is lost.``"""
        if self.verb == "lag" and self.value.isdigit():
            return self.form.sentence.format(subject=self.subject, value=f"{self.value} s")
        if self.verb == "throttle" and re.fullmatch(r"\d*\.?\d+", self.value):
            return self.form.sentence.format(subject=self.subject, value=f"{float(self.value) * 100:g} %")
        value = re.sub(r"(?<=\d)(?=[a-z%])", " ", self.value) if self.verb in _VALUED else self.value
        return self.form.sentence.format(subject=self.subject, value=value)


def parse_target(text: str) -> Target:
    """Take ``text`` apart; whether what it names exists is not asked."""
    verb, colon, rest = text.partition(":")
    if colon and verb in FORMS and verb:
        subject, _, value = rest.partition("=") if verb in _VALUED else (rest, "", "")
        return Target(text, verb, subject.strip(), value.strip())
    whole, slash, zone = text.partition("/")
    if slash:
        return Target(text, "/", whole, zone)
    return Target(text, "", text)


def read_target(world: World, text: str) -> tuple[Target, Condition]:
    """Return a target with what it breaks; raise :class:`TargetError` where it names nothing or cannot be."""
    target = parse_target(text)
    return target, target.form.read(world, target)


def condition_of(world: World, found: Sequence[tuple[Target, Condition]]) -> Condition:
    """Return the condition in which all of ``found`` hold at once; raise :class:`TargetError` for a contradiction."""
    for (one, _), (other, _) in combinations(found, 2):
        refuse_pair(one, other)
    whole = Condition(
        down=_joined(c.down for _, c in found),
        zones=_joined(c.zones for _, c in found),
        regions=_joined(c.regions for _, c in found),
        links=_joined(c.links for _, c in found),
        services=_joined(c.services for _, c in found),
        control_planes=_joined(c.control_planes for _, c in found),
        parts=_joined(c.parts for _, c in found),
        slow=_joined(c.slow for _, c in found),
        throttled=_joined(c.throttled for _, c in found),
        lags=_joined(c.lags for _, c in found),
        quotas=_joined(c.quotas for _, c in found),
        interrupted=_joined(c.interrupted for _, c in found),
        judged=_joined(c.judged for _, c in found),
    )
    without_parts = replace(whole, parts=frozenset())
    for target, _ in found:
        if target.verb in _NEEDS_WORKING and without_parts.is_down(world, target.subject):
            what = _NEEDS_WORKING[target.verb]
            raise TargetError(f"{target.text}: {target.subject} is down, so it cannot {what}; leave one of the two out")
    return whole


def refuse_pair(one: Target, other: Target) -> None:
    """Raise :class:`TargetError` where two targets say different things of the same at once."""
    same = one.subject == other.subject and one.text != other.text
    if same and one.verb == other.verb and one.verb in _VALUED:
        raise TargetError(f"{one.text} and {other.text} contradict each other; give one of them, or times that differ")
    if same and {one.verb, other.verb} == {"unhealthy", "healthy"}:
        raise TargetError(
            f"{one.text} and {other.text} contradict each other: one check cannot say both; leave one out"
        )


def _joined(sets: Iterable[frozenset[V]]) -> frozenset[V]:
    return frozenset().union(*sets)


# -- the forms --------------------------------------------------------------------------------------


def _component(world: World, target: Target) -> Condition:
    name = _named(world, target)
    kind, place = world.kind(name).name, world.placement(name)
    return Condition(
        down=frozenset({name}),
        zones=frozenset(place.zones if kind == "availability_zone" else ()),
        regions=frozenset({place.region} if kind == "region" else ()),
    )


def _part(world: World, target: Target) -> Condition:
    name, zone = _named(world, target), target.value
    place = world.placement(name)
    zones = place.zones or tuple(_zones(world) if place.vpc else ())
    if zone not in zones:
        where = f"it is in {', '.join(zones)}" if zones else "the design does not say in which zones it is"
        raise TargetError(f"{target.text}: {name} has nothing in {zone or 'no zone'}; {where}")
    return Condition(parts=frozenset({(name, zone)}))


def _zone(world: World, target: Target) -> Condition:
    return Condition(zones=frozenset({_known(target.subject, _zones(world), "availability zone")}))


def _region(world: World, target: Target) -> Condition:
    return Condition(regions=frozenset({_known(target.subject, _regions(world), "region")}))


def _link(world: World, target: Target) -> Condition:
    source, arrow, end = target.subject.partition("->")
    pair = (source.strip(), end.strip())
    known = {(link.source, link.target) for link in world.links}
    known |= {(e.source, e.target) for c in world.components.values() for e in c.edges}
    if not arrow or pair not in known:
        names = [f"{a}->{b}" for a, b in sorted(known)]
        near = did_you_mean(target.subject, names) or "write link:FROM->TO"
        raise TargetError(f"there is no link {target.subject!r}; {near}")
    return Condition(links=frozenset({pair}))


def _service(world: World, target: Target) -> Condition:
    if target.subject not in world.registry:
        near = did_you_mean(target.subject, world.registry.names) or "see archtui services"
        raise TargetError(f"unknown service {target.subject!r}; {near}")
    name = world.registry[target.subject].name
    return Condition(down=frozenset(c.id for c in world.of_kind(name)), services=frozenset({name}))


def _control_plane(world: World, target: Target) -> Condition:
    every = (world.registry[name].behaviour(ControlPlanes) for name in world.registry.names)
    known = sorted({plane for has in every if has for plane in has.planes})
    if target.subject not in known:
        near = did_you_mean(target.subject, known) or f"known are {', '.join(known)}"
        raise TargetError(f"there is no control plane {target.subject!r}; {near}")
    return Condition(control_planes=frozenset({target.subject}))


def _rack(world: World, target: Target) -> Condition:
    known = racks(world)
    name = target.subject
    alone = [rack for rack in known if rack.rpartition("/")[0] == name]
    if len(alone) == 1:
        name = alone[0]
    if name not in known:
        near = f"write one of {', '.join(alone)}" if alone else did_you_mean(name, known)
        near = near or _or_none([f"rack:{rack}" for rack in known], "this design has no placement group")
        raise TargetError(f"{target.text}: there is no rack {name!r}; {near}")
    return Condition(down=frozenset(known[name]))


def _slow(world: World, target: Target) -> Condition:
    name, seconds = _named(world, target), _value(target, _SECONDS, "seconds, as in slow:db=2s")
    if seconds <= 0:
        raise TargetError(f"{target.text}: nothing is slower by {target.value}; write slow:{name}=2s")
    return Condition(slow=frozenset({(name, seconds)}))


def _throttle(world: World, target: Target) -> Condition:
    name = _named(world, target)
    share = _value(target, _SHARE, "a share over 0 % and up to 100 %, as in throttle:orders=50%")
    if world.components[name].kind.behaviour(Throttled) is None:
        title = world.kind(name).title
        raise TargetError(f"{target.text}: AWS throttles no {title}; write slow:{name}=2s or {name}")
    return Condition(throttled=frozenset({(name, share)}))


def _expired(world: World, target: Target) -> Condition:
    return Condition(down=frozenset({_with(world, target, Expires, "certificate")}))


def _lag(world: World, target: Target) -> Condition:
    name = _with(world, target, Lags, "replica")
    lags = world.components[name].kind.behaviour(Lags)
    if lags is None or not lags.copies(world.components[name], world):
        raise TargetError(f"{target.text}: {name} has no copy that could be behind; name a replica")
    return Condition(lags=frozenset({(name, _value(target, _SECONDS, "seconds, as in lag:replica=300"))}))


def _interrupted(world: World, target: Target) -> Condition:
    name = _with(world, target, Interruptible, "instance or group of instances")
    component = world.components[name]
    spot = component.kind.behaviour(Interruptible)
    taken = frozenset(spot.spare(component, world) if spot else ())
    if not taken:
        raise TargetError(f"{target.text}: {name} has no spot instance that AWS could take away; write {name}")
    return Condition(down=taken, interrupted=taken)


def _quota(world: World, target: Target) -> Condition:
    known = quotas_of(world)
    _known(target.subject, sorted(known), "quota")
    return Condition(quotas=frozenset({target.subject}))


def _unhealthy(world: World, target: Target) -> Condition:
    return Condition(judged=frozenset({(_judged(world, target), False)}))


def _healthy(world: World, target: Target) -> Condition:
    return Condition(judged=frozenset({(_judged(world, target), True)}))


def _judged(world: World, target: Target) -> str:
    name = _named(world, target)
    checked = world.components[name].kind.behaviour(Judged) is not None
    if not checked and not any(edge.role == "targets" for edge in world.referrers(name)):
        title = world.kind(name).title
        raise TargetError(
            f"{target.text}: no health check looks at {name} ({title}); name a target group, one of its targets or a"
            " health check"
        )
    return name


_TABLE = (
    Form("", "ID", "the component fails", _component, "{subject} fails."),
    Form("/", "ID/ZONE", "what ID has in this zone fails", _part, "What {subject} has in {value} fails."),
    Form("az", "az:ZONE", "the availability zone is lost", _zone, "Availability zone {subject} is lost."),
    Form("region", "region:REGION", "the region is lost", _region, "Region {subject} is lost."),
    Form("rack", "rack:GROUP/N", "the rack N of a placement group fails", _rack, "The rack {subject} fails."),
    Form("link", "link:A->B", "packets between A and B are dropped", _link, "The link {subject} breaks."),
    Form("service", "service:KIND", "every component of the kind is down", _service, "Every {subject} is down."),
    Form(
        "control-plane",
        "control-plane:SERVICE",
        "nothing of SERVICE can be started or changed",
        _control_plane,
        "The control plane of {subject} does not answer: nothing there can be started or changed.",
    ),
    Form("slow", "slow:ID=2s", "ID answers so much later", _slow, "{subject} answers {value} later."),
    Form(
        "throttle",
        "throttle:ID=50%",
        "AWS refuses this share of the calls of ID",
        _throttle,
        "{value} of the calls of {subject} are throttled.",
    ),
    Form("expired", "expired:ID", "the certificate has expired", _expired, "The certificate {subject} has expired."),
    Form("lag", "lag:ID=300", "the copy ID is so many seconds behind", _lag, "The copy {subject} is {value} behind."),
    Form(
        "interrupted",
        "interrupted:ID",
        "AWS takes the spot instances of ID away",
        _interrupted,
        "AWS takes the spot instances of {subject} away, two minutes after it said so.",
    ),
    Form("quota", "quota:NAME", "the quota is used up", _quota, "The quota {subject} is used up."),
    Form(
        "unhealthy",
        "unhealthy:ID",
        "the health check of ID fails although ID works",
        _unhealthy,
        "The health check of {subject} is wrong: it fails although all works.",
    ),
    Form(
        "healthy",
        "healthy:ID",
        "the health check of ID passes whatever is true",
        _healthy,
        "The health check of {subject} is wrong: it passes whatever is true.",
    ),
)
FORMS = {form.verb: form for form in _TABLE}
"""Every way to write a target, by what stands before the colon."""
_VALUED = frozenset({"slow", "throttle", "lag"})
_NEEDS_WORKING = {
    "slow": "be slow",
    "throttle": "be throttled",
    "lag": "be behind",
    "/": "lose one zone more",
}
"""What only something that works can do."""


def quotas_of(world: World) -> dict[str, Quota]:
    """Return by name the quotas that something in the design counts against."""
    found: dict[str, Quota] = {}
    for kind, has in world.with_behaviour(HasQuotas):
        if world.of_kind(kind.name):
            found.update((quota.name, quota) for quota in has.quotas)
    return dict(sorted(found.items()))


def _zones(world: World) -> list[str]:
    return sorted({zone for name in world.components for zone in world.placement(name).zones})


def _regions(world: World) -> list[str]:
    return sorted({world.placement(name).region for name in world.components} - {""})


def _named(world: World, target: Target) -> str:
    """Return the component that a target names."""
    if target.subject in world.components:
        return target.subject
    names = [*world.components, *(f"az:{z}" for z in _zones(world)), *(f"region:{r}" for r in _regions(world))]
    near = did_you_mean(target.subject, names)
    near = near or f"name a component, {', '.join(form.written for form in _TABLE[1:6])}; see archtui fail --help"
    raise TargetError(f"nothing is called {target.subject!r}; {near}")


def _with(world: World, target: Target, behaviour: type, what: str) -> str:
    name = _named(world, target)
    if world.components[name].kind.behaviour(behaviour) is None:
        names = [c.id for kind, _ in world.with_behaviour(behaviour) for c in world.of_kind(kind.name)]
        has = _or_none(names, f"this design has no {what}")
        raise TargetError(f"{target.text}: {name} ({world.kind(name).title}) is no {what}; {has}")
    return name


def _or_none(names: Sequence[str], otherwise: str) -> str:
    return f"this design has {', '.join(names)}" if names else otherwise


def _value(target: Target, read: TypeAdapter[float], example: str) -> float:
    try:
        return read.validate_python(target.value)
    except ValidationError:
        what = f"{target.value!r} is no figure" if target.value else "the figure is missing"
        raise TargetError(f"{target.text}: {what}; write {example}") from None


def _known(word: str, known: Sequence[str], what: str) -> str:
    if word not in known:
        near = did_you_mean(word, known) or f"this design has {', '.join(known) or 'none'}"
        raise TargetError(f"there is no {what} {word!r} in this design; {near}")
    return word
