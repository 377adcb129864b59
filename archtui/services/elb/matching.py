"""Which listener and which rule takes a request, and why the others do not."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Literal
from urllib.parse import parse_qsl

from archtui.services.elb.properties import Listener, ListenerRule, Redirect
from archtui.trace.message import Http


@lru_cache(maxsize=4096)
def _pattern(text: str, ignore_case: bool) -> re.Pattern[str]:
    """Translate ``*`` (any characters) and ``?`` (one character), the only wildcards of an ALB rule."""
    parts = [".*" if char == "*" else "." if char == "?" else re.escape(char) for char in text]
    return re.compile("".join(parts), re.IGNORECASE | re.DOTALL if ignore_case else re.DOTALL)


def like(pattern: str, text: str, ignore_case: bool = False) -> bool:
    """Say whether ``text`` matches a pattern with ``*`` and ``?``."""
    return _pattern(pattern, ignore_case).fullmatch(text) is not None


def listener_protocol(listener: Listener) -> Literal["HTTP", "HTTPS", "TCP", "TLS", "UDP", "TCP_UDP"]:
    """Return what an ALB listener speaks; HTTPS on 443 and where it has a certificate, unless it says."""
    if listener.protocol is not None:
        return listener.protocol
    return "HTTPS" if listener.port == 443 or listener.certificate or listener.certificates else "HTTP"


def mismatches(rule: ListenerRule, http: Http, source: str) -> tuple[str, ...]:
    """Return the conditions of ``rule`` that the request does not meet; none: the rule matches.

    Every condition has to hold, any value within one suffices (ALB guide, "Listener rules"). Host
    names and header names know no case; paths do.
    """
    return tuple(_mismatches(rule, http, source))


def _mismatches(rule: ListenerRule, http: Http, source: str) -> Iterator[str]:
    if rule.host and not any(like(pattern, http.host, ignore_case=True) for pattern in rule.host):
        yield f"host {http.host or '(none)'} is not {_or(rule.host)}"
    if rule.path and not any(like(pattern, http.path) for pattern in rule.path):
        yield f"path {http.path} is not {_or(rule.path)}"
    if rule.method and http.method not in rule.method:
        yield f"method {http.method} is not {_or(rule.method)}"
    for name, patterns in rule.header.items():
        value = http.header(name)
        if value is None or not any(like(pattern, value, ignore_case=True) for pattern in patterns):
            yield f"header {name} is {value if value is not None else 'missing'}, not {_or(patterns)}"
    given = parse_qsl(http.query, keep_blank_values=True)
    for name, pattern in rule.query.items():
        if not any(key.lower() == name.lower() and like(pattern, value, ignore_case=True) for key, value in given):
            yield f"the query has no {name}={pattern}"
    if rule.source_ip and not _within(source, rule.source_ip):
        yield f"source {source or '(unknown)'} is not in {_or(rule.source_ip)}"


def _within(address: str, blocks: Sequence[str]) -> bool:
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(found in ipaddress.ip_network(block) for block in blocks)


def _or(values: Sequence[str]) -> str:
    return " or ".join(values)


def rule_text(rule: ListenerRule) -> str:
    """Return a rule as a person reads it: ``rule 10: path /api/*``."""
    parts = [
        *(
            f"{what} {_or(values)}"
            for what, values in (("host", rule.host), ("path", rule.path), ("method", rule.method))
            if values
        ),
        *(f"header {name} {_or(values)}" for name, values in rule.header.items()),
        *(f"query {name}={value}" for name, value in rule.query.items()),
        *([f"source {_or(rule.source_ip)}"] if rule.source_ip else []),
    ]
    return f"rule {rule.priority}: {', '.join(parts) or 'any request'}"


def covers(names: Sequence[str], host: str) -> bool:
    """Say whether a certificate for ``names`` covers ``host``; ``*.`` is exactly one label (RFC 6125, 6.4.3)."""
    host = host.lower().rstrip(".")
    for name in names:
        name = name.lower().rstrip(".")
        if name == host or (name.startswith("*.") and host.partition(".")[2] == name[2:] and "." in host):
            return True
    return False


def status_matches(matcher: str, status: int) -> bool:
    """Say whether ``status`` is among ``200``, ``200,301`` or ``200-399``."""
    for part in matcher.split(","):
        low, _, high = part.strip().partition("-")
        if low.isdigit() and int(low) <= status <= int(high if high.isdigit() else low):
            return True
    return False


def redirect_url(http: Http, port: int, redirect: Redirect) -> str:
    """Return the URL of a redirect; what it leaves out, the port too, and ``#{...}`` stay as in the request.

    Source: ELBv2 API, ``RedirectActionConfig``: "any components that you do not modify retain their original values".
    """
    values = {
        "protocol": http.scheme,
        "host": http.host,
        "port": str(port),
        "path": http.path.lstrip("/"),
        "query": http.query,
    }

    def filled(text: str) -> str:
        for name, value in values.items():
            text = text.replace(f"#{{{name}}}", value)
        return text

    scheme = (redirect.protocol or http.scheme).lower()
    standard = 443 if scheme == "https" else 80
    new_port = redirect.port or port
    host = filled(redirect.host) if redirect.host else http.host
    path = filled(redirect.path) if redirect.path else http.path
    query = filled(redirect.query) if redirect.query is not None else http.query
    where = host if new_port == standard else f"{host}:{new_port}"
    return f"{scheme}://{where}/{path.removeprefix('/')}{'?' + query if query else ''}"
