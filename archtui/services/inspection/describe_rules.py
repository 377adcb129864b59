"""Rules of AWS Network Firewall as its API writes them (Network Firewall API: ``StatelessRule``, ``StatefulRule``)."""

from __future__ import annotations

from collections.abc import Iterator

from archtui.formats.describe import Data, given, items, number, text, texts, value
from archtui.model.component import Json

_ACTIONS = {"aws:pass": "pass", "aws:drop": "drop", "aws:forward_to_sfe": "forward"}
_PROTOCOLS = {"IP": "all", "TCP": "tcp", "UDP": "udp", "ICMP": "icmp"}
_TELLING = frozenset({"sid", "rev", "msg", "classtype", "metadata", "reference", "gid", "priority"})
"""Suricata keywords that only describe a rule."""


_FIELDS = {"from": "Source", "to": "Destination", "from_port": "SourcePort", "port": "DestinationPort"}


def _ports(data: Data, key: str) -> list[Json]:
    found: list[Json] = []
    for item in items(data, key):
        low, high = number(item, "FromPort") or 0, number(item, "ToPort") or 0
        if (low, high) != (0, 65535):
            found.append(str(low) if low == high else f"{low}-{high}")
    return found


def _blocks(data: Data, key: str) -> list[Json]:
    found = [text(item, "AddressDefinition") for item in items(data, key)]
    return [] if "0.0.0.0/0" in found else [*found]


def stateless_rules(rule: Data) -> Iterator[dict[str, Json]]:
    """Yield a stateless rule, once for each of its protocols."""
    match = value(rule, "RuleDefinition.MatchAttributes")
    fields: Data = match if isinstance(match, dict) else {}
    actions = texts(rule, "RuleDefinition.Actions")
    action = next((_ACTIONS[name] for name in actions if name in _ACTIONS), "forward")
    numbers = fields.get("Protocols")
    protocols = [str(item) for item in numbers if isinstance(item, int)] if isinstance(numbers, list) else []
    for protocol in protocols or ["all"]:
        shown: dict[str, Json] = {"action": action, "protocol": protocol}
        shown.update(given(priority=number(rule, "Priority")))
        for name, found in (
            ("from", _blocks(fields, "Sources")),
            ("to", _blocks(fields, "Destinations")),
            ("from_port", _ports(fields, "SourcePorts")),
            ("port", _ports(fields, "DestinationPorts")),
        ):
            if found and (protocol in ("6", "17") or "port" not in name):
                shown[name] = found
        if items(fields, "TCPFlags"):
            shown["options"] = "TCP flags"
        yield shown


def stateful_rule(rule: Data) -> dict[str, Json]:
    """Return a stateful 5-tuple rule; what it looks at besides stands in its options."""
    written = text(rule, "Header.Protocol", "IP").upper()
    options = [text(item, "Keyword") for item in items(rule, "RuleOptions")]
    beside = [word for word in options if word.partition(":")[0].strip() not in _TELLING]
    if written not in _PROTOCOLS:
        beside.insert(0, written.lower())
    shown: dict[str, Json] = {
        "action": text(rule, "Action", "PASS").lower(),
        "protocol": _PROTOCOLS.get(written, "tcp"),
    }
    for name, path in (
        ("from", "Source"),
        ("to", "Destination"),
        ("from_port", "SourcePort"),
        ("port", "DestinationPort"),
    ):
        found = _listed(text(rule, f"Header.{path}", "ANY"))
        if any(word.startswith(("$", "!")) for word in found):
            beside.append(f"{path} {', '.join(found)}")
        elif found:
            shown[name] = [word.replace(":", "-") if "port" in name else word for word in found]
    if text(rule, "Header.Direction") == "ANY":
        shown["both_ways"] = True
    if beside:
        shown["options"] = "; ".join(beside)
    return shown


def _listed(written: str) -> list[str]:
    if written.upper() == "ANY":
        return []
    return [word.strip() for word in written.strip("[]").split(",") if word.strip()]
