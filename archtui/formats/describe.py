"""Reading what ``aws ... describe-*`` says: the interface kinds implement, and what they read from.

A kind that AWS can describe implements :class:`Describes` and names the lists it reads (``Vpcs``,
``Subnets``). The importer hands it one record after the other; what a kind cannot use it says with
:class:`UnusableError` or a note, so that nothing is dropped in silence.
"""

from __future__ import annotations

import abc
import ipaddress
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias, TypeVar

from archtui.model.component import Json
from archtui.model.errors import ArchtuiError

Data: TypeAlias = "Mapping[str, Json]"
T = TypeVar("T")


class UnusableError(ArchtuiError):
    """A described resource cannot become a component; the text says why."""


@dataclass(frozen=True, slots=True, eq=False)
class Record:
    """One resource as AWS described it."""

    key: str
    """The list it stood in: ``Vpcs``; instances stand in ``Instances``, without their reservation."""
    data: Data = field(repr=False)
    account: str
    """The account that was asked; empty if nothing says which."""
    region: str
    """The region that was asked; empty if nothing says which."""
    file: str


@dataclass(frozen=True, slots=True)
class Described:
    """A component as AWS described it."""

    id: str
    properties: dict[str, Json]
    dead: str = ""
    """The state (``deleted``, ``terminated``) of a resource that AWS still lists although it is gone."""
    notes: tuple[str, ...] = ()
    """What of the resource could not be used, one sentence each."""
    outside: Mapping[str, str] = field(default_factory=dict)
    """Ids that may lie outside the input, with what they are (``transit gateway``): where they do, an
    unmodelled resource stands for them, and what depends on it is unknown."""
    local: bool = False
    """Whether the id is a name that only its account and region keep unique (a database's)."""
    weight: int = 0
    """Which of two descriptions of one id counts: the higher (the owner's before another account's)."""


class Inventory:
    """Everything that was described, by list."""

    def __init__(self, records: Iterable[Record]) -> None:
        self._records: dict[str, list[Record]] = {}
        for record in records:
            self._records.setdefault(record.key, []).append(record)
        self._parts: dict[object, object] = {}

    @property
    def keys(self) -> tuple[str, ...]:
        """The lists that were found, sorted."""
        return tuple(sorted(self._records))

    def of(self, *keys: str) -> tuple[Record, ...]:
        """Return the records of ``keys``, in that order."""
        return tuple(record for key in keys for record in self._records.get(key, ()))

    def part(self, make: Callable[[Inventory], T]) -> T:
        """Return what ``make`` makes of this inventory, made once (the route table of each subnet, say)."""
        if make not in self._parts:
            self._parts[make] = make(self)
        found: T = self._parts[make]  # type: ignore[assignment]
        return found


class Describes(abc.ABC):
    """Behaviour of a kind that ``aws ... describe-*`` output can be read into."""

    keys: tuple[str, ...] = ()
    """The lists whose records become components of this kind."""
    details: tuple[str, ...] = ()
    """Lists that only say more about them."""
    wholes: tuple[tuple[str, str], ...] = ()
    """Keys that mark a document which is one resource as a whole (``stateMachineArn``), each with the list as whose
    record it is read."""

    def claims(self, record: Record) -> bool:
        """Say whether ``record`` is of this kind, where several kinds read one list."""
        return record.key in self.keys

    @abc.abstractmethod
    def describe(self, record: Record, inventory: Inventory) -> Iterable[Described]:
        """Yield the components that ``record`` stands for; raise :class:`UnusableError` if it cannot be one."""


# -- reading JSON that may be anything ---------------------------------------------------------


def value(data: Json | Data, path: str) -> Json:
    """Return what stands at a dotted ``path``, None where there is nothing."""
    here: Json | Data = data
    for part in path.split("."):
        if not isinstance(here, Mapping):
            return None
        here = here.get(part)
    return here if not isinstance(here, Mapping) else dict(here)


def text(data: Json | Data, path: str, default: str = "") -> str:
    """Return a text; numbers become text, anything else ``default``."""
    found = value(data, path)
    if isinstance(found, str):
        return found
    return str(found) if isinstance(found, int | float) and not isinstance(found, bool) else default


def need(data: Json | Data, path: str) -> str:
    """Return a text that must be there; raise :class:`UnusableError` where it is not."""
    found = text(data, path)
    if not found:
        raise UnusableError(f"{path} is missing from its description; export it again")
    return found


def number(data: Json | Data, path: str) -> int | None:
    """Return a whole number, None where there is none."""
    found = value(data, path)
    if isinstance(found, int) and not isinstance(found, bool):
        return found
    return int(found) if isinstance(found, str) and found.lstrip("-").isdigit() else None


def flag(data: Json | Data, path: str, default: bool = False) -> bool:
    """Return a truth value; AWS writes some as the words true and enable."""
    found = value(data, path)
    if isinstance(found, bool):
        return found
    return found.lower() in {"true", "enable", "enabled", "required"} if isinstance(found, str) else default


def items(data: Json | Data, path: str) -> list[dict[str, Json]]:
    """Return the mappings of a list; an empty list where there is none."""
    found = value(data, path)
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []


def texts(data: Json | Data, path: str) -> list[str]:
    """Return the texts of a list; an empty list where there is none."""
    found = value(data, path)
    return [item for item in found if isinstance(item, str)] if isinstance(found, list) else []


def listed(words: Iterable[str]) -> list[Json]:
    """Return ``words`` as a list of plain data."""
    return list(words)


def label(data: Data) -> dict[str, Json]:
    """Return ``{"label": NAME}`` from the Name tag, or nothing."""
    for tag in (*items(data, "Tags"), *items(data, "TagSet"), *items(data, "TagList")):
        if text(tag, "Key") == "Name" and text(tag, "Value"):
            return {"label": text(tag, "Value")}
    return {}


def block(cidr: str) -> str:
    """Return an address block without host bits; raise :class:`UnusableError` where it is none."""
    try:
        return str(ipaddress.ip_network(cidr, strict=False))
    except ValueError as error:
        raise UnusableError(f"{cidr!r} is not an address block; export it again") from error


def given(**properties: Json) -> dict[str, Json]:
    """Return the properties that say something: None and empty texts are left out."""
    return {name: value for name, value in properties.items() if value is not None and value != ""}


def arn_name(arn: str) -> str:
    """Return the id made of an ARN's last two parts: ``.../net/front/50dc6c`` becomes ``front-50dc6c``."""
    parts = arn.rsplit(":", 1)[-1].split("/")
    return "-".join(parts[-2:]) if len(parts) > 1 else parts[-1]
