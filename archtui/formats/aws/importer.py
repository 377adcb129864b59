"""From described resources to a blueprint, and a list of what could not be used."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from pydantic import ValidationError

from archtui.formats.aws.references import Part, is_usable, resolve
from archtui.formats.aws.source import CATALOGUES, Source, read_source
from archtui.formats.describe import Describes, Inventory, Record, UnusableError, text
from archtui.model.blueprint import FORMAT_VERSION
from archtui.model.component import Json
from archtui.model.errors import InputError, Location, Problem
from archtui.model.kinds import Registry

_NEEDED = ("RouteTables", "NetworkAcls", "SecurityGroups", "NetworkInterfaces")
"""Without these AWS's defaults are assumed, which may not be what the account has."""
_OF_OTHERS = frozenset({"VpcId", "VPCId", "OwnerId", "SubnetId", "HealthCheckId", "KmsKeyId", "DhcpOptionsId"})
"""What a description says of other things."""
_SCOPES = ("global", "edge", "region", "vpc", "az", "subnet", "on_prem")


@dataclass(frozen=True, slots=True, order=True)
class Unsupported:
    """Something in the input that the design does not hold, or not all of it."""

    type: str
    id: str
    why: str


@dataclass(frozen=True, slots=True)
class ImportResult:
    """A blueprint as plain data, how many components it has, and what was not used."""

    data: dict[str, Json] = field(repr=False)
    components: int
    unsupported: tuple[Unsupported, ...]
    problems: tuple[Problem, ...] = ()
    """Files that could not be used; also among ``unsupported``, with type ``file``."""


def known_keys(registry: Registry) -> frozenset[str]:
    """Return the lists of describe output that some kind reads."""
    found = {"Reservations"}
    for _, describes in registry.with_behaviour(Describes):
        found |= {*describes.keys, *describes.details}
    return frozenset(found)


def known_wholes(registry: Registry) -> Mapping[str, str]:
    """Return the keys that mark a document which is one resource as a whole, with the list it belongs to."""
    found: dict[str, str] = {}
    for _, describes in registry.with_behaviour(Describes):
        found |= dict(describes.wholes)
    return found


def recognises(document: Json, registry: Registry) -> bool:
    """Say whether a parsed JSON document is output of a describe command."""
    return isinstance(document, dict) and (
        any(isinstance(value, list) for key, value in document.items() if key in known_keys(registry))
        or any(isinstance(document.get(mark), str) for mark in known_wholes(registry))
    )


def import_aws(path: Path | str, registry: Registry, content: bytes | None = None) -> ImportResult:
    """Read describe output at ``path`` (a folder or a file) into a blueprint.

    With ``content`` that is read instead, and ``path`` is only what messages call it.
    Raises :class:`InputError` where nothing of it can be used; what is wrong with single files or
    resources is reported in the result.
    """
    root = Path(path)
    if content is None and not root.exists():
        raise InputError([Problem("there is no such file or folder", "check the path", (), Location(str(root)))])
    known = known_keys(registry)
    source = read_source(root, known, content, known_wholes(registry))
    if not any(record.key in known for record in source.records):
        problems = source.problems or (
            Problem(
                "holds no output of 'aws ... describe-*'",
                "expected JSON with keys like Vpcs, Subnets, RouteTables",
                (),
                Location(str(root)),
            ),
        )
        raise InputError(problems)
    return _Importer(registry, source).result()


class _Importer:
    def __init__(self, registry: Registry, source: Source) -> None:
        self.registry = registry
        self.source = source
        self.inventory = Inventory(source.records)
        self.unsupported: set[Unsupported] = set()
        self.parts: dict[str, Part] = {}
        self.readers = list(registry.with_behaviour(Describes))
        self.details = {name for _, describes in self.readers for name in describes.details}

    def result(self) -> ImportResult:
        for record in self.source.records:
            self._record(record)
        for kind, name, why in resolve(self.parts, self.registry):
            self._report(kind, name, why)
        for part in self.parts.values():
            for note in part.notes:
                self._report(part.kind.name, part.id, note)
        self._about_the_input()
        components: dict[str, Json] = {
            part.id: {"kind": part.kind.name, **part.properties} for part in sorted(self.parts.values(), key=_order)
        }
        regions = Counter(record.region for record in self.source.records if record.region)
        accounts = sorted({record.account for record in self.source.records if record.account})
        data: dict[str, Json] = {
            "blueprint": f"AWS account{'s' if len(accounts) > 1 else ''} {', '.join(accounts)}".strip(),
            "version": FORMAT_VERSION,
        }
        if regions:
            data["region"] = min(regions, key=lambda name: (-regions[name], name))
        if len(accounts) == 1:
            data["account"] = accounts[0]
        data["components"] = components
        return ImportResult(data, len(components), tuple(sorted(self.unsupported)), self.source.problems)

    def _report(self, type_: str, name: str, why: str) -> None:
        self.unsupported.add(Unsupported(type_, name, why))

    def _record(self, record: Record) -> None:
        readers = [(kind, describes) for kind, describes in self.readers if describes.claims(record)]
        if not readers and record.key not in self.details:
            self._report(record.key, _name_of(record), "this type is not modelled")
        for kind, describes in readers:
            try:
                for described in describes.describe(record, self.inventory):
                    self._add(Part.of(kind, described, record.account, record.region), described.local)
            except UnusableError as error:
                self._report(kind.name, _name_of(record), str(error))

    def _add(self, part: Part, local: bool) -> None:
        kind, name = part.kind.name, part.id
        if not is_usable(name):
            self._report(kind, name, "a component cannot have this id")
            return
        try:
            part.checked()
        except ValidationError as error:
            self._report(kind, name, _first(error))
            return
        before = self.parts.get(name)
        if before is None:
            self.parts[name] = part
        elif before.kind is not part.kind:
            self._report(kind, name, f"a {before.kind.name} has this id already")
        elif local and (before.account, before.region) != (part.account, part.region):
            other = ".".join(word for word in (name, part.region, part.account) if word)
            self._report(kind, name, f"another region or account has one of this name; this one is called {other}")
            self._add(replace(part, id=other), local=False)
        else:
            if before.weight == part.weight and _differ(before, part):
                self._report(kind, name, "it is described twice, differently; the first description is kept")
            elif _elsewhere(before, part):
                where = f"{before.region} and {part.region}"
                self._report(
                    kind, name, f"it is described in {where}, differently; the description of {before.region} is kept"
                )
            if before.weight < part.weight:
                self.parts[name] = part

    def _about_the_input(self) -> None:
        for problem in self.source.problems:
            where = str(problem.location) if problem.location else ""
            self._report("file", where, f"{problem.what}; {problem.remedy}")
        for key, count in self.source.catalogues:
            self._report(key, f"{count} entries", CATALOGUES[key])
        if self.inventory.of("Subnets"):
            for key in _NEEDED:
                if key not in self.inventory.keys:
                    self._report(key, "", "none in the input; AWS's defaults are assumed")


def _differ(one: Part, other: Part) -> bool:
    """Say whether one account's two descriptions of a thing disagree; other accounts see less of it."""
    same_view = (one.account, one.region) == (other.account, other.region)
    return same_view and one.properties != other.properties


def _elsewhere(one: Part, other: Part) -> bool:
    """Say whether two regions of an account describe a thing differently: an id stands for one thing, so folders
    are mixed up. What joins two regions (a peering) is alike in both but for its name tag."""
    here, there = ({key: value for key, value in part.properties.items() if key != "label"} for part in (one, other))
    return one.account == other.account and one.region != other.region and here != there


def _first(error: ValidationError) -> str:
    found = error.errors(include_url=False)[0]
    where = ".".join(str(part) for part in found["loc"])
    message = found["msg"].removeprefix("Value error, ")
    return f"{where}: {message}" if where else message


def _name_of(record: Record) -> str:
    """Return what identifies a record that did not become a component: its own id, name or ARN."""
    singular = record.key.removesuffix("s")
    own = [f"{singular}{end}" for end in ("Id", "Identifier", "Name", "Arn")]
    ends = [name for end in ("Id", "Identifier", "Name", "Arn") for name in sorted(record.data) if name.endswith(end)]
    for name in (*own, "Id", "Name", *(name for name in ends if name not in _OF_OTHERS)):
        if text(record.data, name):
            return text(record.data, name)
    return record.file


def _order(part: Part) -> tuple[int, str, str]:
    return _SCOPES.index(part.kind.scope), part.kind.name, part.id
