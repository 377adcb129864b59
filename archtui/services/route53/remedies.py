"""Edits against blockers of names: alias records for what cannot be a CNAME, records that are missing."""

from __future__ import annotations

from collections.abc import Iterator

from archtui.model.component import Component
from archtui.model.edits import Edit, add_component, unused_id
from archtui.model.operations import Operation, Remove, Set
from archtui.services.route53.properties import RecordProperties
from archtui.services.route53.trace import domain_of
from archtui.trace import codes
from archtui.trace.interface import HasName, Plea, Remedies


class RecordRemedies(Remedies):
    """Make a CNAME at the apex an alias; add a record for a name the zone lacks."""

    def remedies(self, plea: Plea) -> Iterator[Edit]:
        if plea.blocker.code == codes.DNS_CNAME_AT_APEX:
            yield from self._alias(plea)
        elif plea.blocker.code == codes.DNS_NAME_NOT_FOUND:
            yield from self._record(plea)

    @staticmethod
    def _alias(plea: Plea) -> Iterator[Edit]:
        record = plea.world.blueprint.components.get(plea.blocker.component)
        if record is None or not isinstance(record.properties, RecordProperties):
            return
        for value in record.properties.values or ((record.properties.alias,) if record.properties.alias else ()):
            target = plea.world.components.get(value) or _named(plea, value)
            if target is None or target.kind.behaviour(HasName) is None:
                continue
            place = ("components", record.id)
            operations: list[Operation] = [Set((*place, "type"), "A"), Set((*place, "alias"), target.id)]
            operations += [Remove((*place, key)) for key in ("values", "ttl") if key in record.raw]
            yield Edit(f"make {record.id} an alias of {target.id}", tuple(operations))

    @staticmethod
    def _record(plea: Plea) -> Iterator[Edit]:
        zone = plea.world.blueprint.components.get(plea.blocker.component)
        balancers = [
            component
            for kind, named in plea.world.with_behaviour(HasName)
            for component in plea.world.of_kind(kind.name)
            if getattr(component.properties, "scheme", "") == "internet-facing" and named.names(component, plea.world)
        ]
        name = plea.request.target.lower().rstrip(".")
        if zone is None or len(balancers) != 1 or not name.endswith(domain_of(zone)):
            return
        stem = name.removesuffix(domain_of(zone)).rstrip(".").replace(".", "-").replace("*", "any") or "apex"
        new = unused_id(plea.world.components, stem)
        yield add_component(new, "record", {"zone": zone.id, "name": name, "type": "A", "alias": balancers[0].id})


def _named(plea: Plea, name: str) -> Component | None:
    """Return the component whose own AWS name ``name`` is."""
    wanted = name.lower().rstrip(".")
    for kind, named in plea.world.with_behaviour(HasName):
        for component in plea.world.of_kind(kind.name):
            if wanted in named.names(component, plea.world):
                return component
    return None
