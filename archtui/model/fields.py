"""Types for the properties of components: references to other components, addresses, ports.

A property typed ``Ref`` names another component and so is an edge of the graph. Everything else
about a kind's properties is ordinary pydantic.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
)
from pydantic_core import CoreSchema

from archtui.model.docs import property_docs

if TYPE_CHECKING:
    from pydantic.json_schema import JsonSchemaValue

EdgeRole = Literal["in", "uses", "targets"]
"""What a reference means: ``in`` placed in (containment), ``uses`` is configured by (security group,
route table), ``targets`` sends traffic to (forward, route, alias)."""


@dataclass(frozen=True, slots=True)
class Reference:
    """Marks a property as the id of a component of one of ``kinds`` (empty: any kind)."""

    kinds: tuple[str, ...]
    role: EdgeRole = "uses"
    literal: tuple[str, ...] = ()
    """Words that may stand instead of an id (``blackhole``)."""
    pattern: str = ""
    """A regular expression of values that may stand instead of an id (an address, a CIDR)."""

    def admits(self, kind: str) -> bool:
        """Say whether a component of ``kind`` may be named here."""
        return not self.kinds or kind in self.kinds

    def admits_literal(self, value: str) -> bool:
        """Say whether ``value`` is one of the words or patterns that are no component id."""
        return value in self.literal or bool(self.pattern and re.fullmatch(self.pattern, value))


def _be_strict(schema: object) -> None:
    """Make numbers and truth values strict; lists stay what tuples are made of."""
    if isinstance(schema, dict):
        if schema.get("type") in ("int", "float", "bool"):
            schema["strict"] = True
        for key, inner in schema.items():
            if not (key == "default" and schema.get("type") == "default"):
                _be_strict(inner)
    elif isinstance(schema, list | tuple):
        for inner in schema:
            _be_strict(inner)


class Part(BaseModel):
    """A group of properties (a listener, a rule, a link): unknown keys are refused, instances do not change."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, defer_build=True)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: type[BaseModel], handler: GetCoreSchemaHandler) -> CoreSchema:
        """Take no text and no truth value for a number and no number for a truth value, as the JSON Schema says."""
        schema = handler(source)
        _be_strict(schema)
        return schema

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """Say in the JSON Schema what each property means."""
        made = handler(schema)
        properties = handler.resolve_ref_schema(made).get("properties", {})
        for name, text in property_docs(cls).items():
            key = cls.model_fields[name].alias or name
            if key in properties:
                properties[key].setdefault("description", text)
        return made


_PERCENT = re.compile(r"(\d+(?:\.\d+)?)\s*(%?)")


def _percent(value: object) -> float:
    text = str(value).strip()
    match = _PERCENT.fullmatch(text)
    number = float(match[1]) if match and not isinstance(value, bool) else 0.0
    if match and (match[2] or number > 1):
        number /= 100
    if not 0 < number <= 1:
        raise ValueError(f"{value!r} is not an availability; write it like 99.95%")
    return number


Percent = Annotated[float, BeforeValidator(_percent, json_schema_input_type=float | str)]
"""A share, written ``99.95%`` or ``0.9995``; kept as a fraction."""


class Properties(Part):
    """Base of every kind's properties."""

    label: str = ""
    """What people call it, where the id is not enough (the Name tag of an imported resource)."""
    availability: Percent | None = None
    """The share of time it works, for ``resilience``; left out, the service level that AWS publishes counts."""


@lru_cache(maxsize=65536)
def canonical_cidr(text: str) -> str:
    """Return a CIDR block in canonical form; raise :class:`ValueError` with the remedy where it is none."""
    if "/" not in text:
        raise ValueError(f"{text!r} has no prefix length; write {text}/32 for one address")
    try:
        return str(ipaddress.ip_network(text, strict=True))
    except ValueError as error:
        try:
            mended = ipaddress.ip_network(text, strict=False)
        except ValueError:
            raise ValueError(f"{text!r} is not a CIDR block; write it like 10.0.0.0/16") from error
        raise ValueError(f"{text!r} has host bits set; write {mended}") from error


def _cidr(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("this is not a CIDR block; write a text like 10.0.0.0/16")
    return canonical_cidr(value)


def _address(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("this is not an IP address; write a text like 10.0.0.10")
    try:
        return str(ipaddress.ip_address(value))
    except ValueError as error:
        raise ValueError(f"{value!r} is not an IP address; write it like 10.0.0.10") from error


_PORTS = re.compile(r"(\d{1,5})(?:\s*-\s*(\d{1,5}))?$")


def _ports(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise ValueError("this is not a port; write 443, 1024-65535 or all")
    text = str(value).strip()
    if text == "all":
        return text
    match = _PORTS.match(text)
    if not match:
        raise ValueError(f"{text!r} is not a port; write 443, 1024-65535 or all")
    low, high = int(match[1]), int(match[2] or match[1])
    if not 0 <= low <= high <= 65535:
        raise ValueError(f"{text!r} is not within 0-65535 in rising order; write it like 1024-65535")
    return str(low) if low == high else f"{low}-{high}"


_DURATION = re.compile(r"(\d{1,12}(?:\.\d+)?)\s*(ms|s|m|h|d)?$")
_SECONDS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400, None: 1}


def _duration(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise ValueError("this is not a duration; write 90s, 5m, 2h or a number of seconds")
    match = _DURATION.match(str(value).strip())
    if not match:
        raise ValueError(f"{value!r} is not a duration; write 90s, 5m, 2h or a number of seconds")
    return float(match[1]) * _SECONDS[match[2]]


def port_range(ports: str) -> tuple[int, int]:
    """Return the inclusive bounds of a ``Ports`` value; ``all`` is 0-65535."""
    if ports == "all":
        return 0, 65535
    low, _, high = ports.partition("-")
    return int(low), int(high or low)


Cidr = Annotated[str, BeforeValidator(_cidr), Field(json_schema_extra={"format": "cidr"})]
"""An IPv4 or IPv6 block in canonical form."""
Address = Annotated[str, BeforeValidator(_address), Field(json_schema_extra={"format": "ip"})]
"""An IPv4 or IPv6 address in canonical form."""
Ports = Annotated[str, BeforeValidator(_ports, json_schema_input_type=int | str)]
"""``443``, ``1024-65535`` or ``all``, kept as text."""
Port = Annotated[int, Field(ge=1, le=65535)]
"""One TCP or UDP port."""
Duration = Annotated[float, BeforeValidator(_duration, json_schema_input_type=float | str)]
"""Seconds; written as a number or ``500ms``, ``90s``, ``5m``, ``2h``, ``1d``."""

_PROTOCOLS = {"-1": "all", "any": "all", "1": "icmp", "6": "tcp", "17": "udp", "58": "icmpv6"}


def _protocol(value: object) -> str:
    text = str(value).lower()
    text = _PROTOCOLS.get(text, text)
    if text in {"all", "tcp", "udp", "icmp", "icmpv6"} or (text.isdigit() and int(text) <= 255):
        return text
    raise ValueError(f"{value!r} is not a protocol; write tcp, udp, icmp, icmpv6, all or an IP protocol number")


Protocol = Annotated[str, BeforeValidator(_protocol, json_schema_input_type=str | int)]
"""``tcp``, ``udp``, ``icmp``, ``icmpv6``, ``all`` or an IP protocol number as text."""


def _country(value: str) -> str:
    if len(value) != 2 or not value.isalpha():
        raise ValueError(f"{value!r} is not a country; write its two ISO 3166 letters, like IT")
    return value.upper()


Country = Annotated[str, AfterValidator(_country)]
"""An ISO 3166-1 alpha-2 country."""

REGION = r"^[a-z]{2,4}(-[a-z]+)+-\d+$"
"""What the name of a region looks like; AWS adds regions, so none is listed."""


def no_region(value: str) -> str:
    """Return what is wrong with ``value`` as the name of a region, and the remedy; empty where it may be one."""
    return "" if re.fullmatch(REGION, value) else f"{value!r} is not a region; write it like eu-west-1"


def _region(value: str) -> str:
    if no_region(value):
        raise ValueError(no_region(value))
    return value


Region = Annotated[str, AfterValidator(_region), Field(json_schema_extra={"pattern": REGION})]
"""The name of a region."""

_ZONE = r"^([a-z]|[a-z0-9]+(-[a-z0-9]+)*-(\d+[a-z]|wlz-\d+)|[a-z0-9]+-az\d+)$"


def _zone(value: str) -> str:
    if not re.fullmatch(_ZONE, value):
        raise ValueError(f"{value!r} is not an availability zone; write its letter, like a, or eu-west-1a")
    return value


Zone = Annotated[str, AfterValidator(_zone), Field(json_schema_extra={"pattern": _ZONE})]
"""An availability, local or Wavelength zone: a letter of the region in question, or the full name."""
