"""What is asked of the tracer: who sends what to whom."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlsplit

from archtui.model.component import Journey
from archtui.model.errors import ArchtuiError
from archtui.network.addresses import is_address
from archtui.trace.message import Http, HttpVersion, Message

PROTOCOLS = ("tcp", "udp", "icmp", "http", "https", "dns", "any")
RECORD_TYPES = (
    *("A", "AAAA", "CAA", "CNAME", "DS", "HTTPS", "MX", "NAPTR", "NS", "PTR", "SOA", "SPF", "SRV", "SSHFP", "SVCB"),
    *("TLSA", "TXT"),
)
"""The types Route 53 supports (Route 53 Developer Guide, "Supported DNS record types")."""
_METHODS = re.compile(r"[A-Z]+")
_TRANSPORT = {"http": "tcp", "https": "tcp", "dns": "udp", "any": "all"}
_VERSIONS: Mapping[str, HttpVersion] = {"": "", "1.0": "1.0", "1.1": "1.1", "2": "2", "2.0": "2"}
_DEFAULT_PORT = {"http": 80, "https": 443, "dns": 53}


class RequestError(ArchtuiError):
    """A request that cannot be traced as it is written."""


@dataclass(frozen=True)
class Request:
    """One request: from ``source`` to ``target``.

    ``source`` is a component id, an IP address or ``internet``; ``target`` a component id, an IP
    address, ``internet``, a host name or a URL. A URL says protocol, port and path by itself.
    """

    source: str
    target: str
    protocol: str | None = None
    """One of :data:`PROTOCOLS` or an IP protocol number; None: as the target suggests."""
    port: int | None = None
    source_port: int | None = None
    method: str = "GET"
    path: str = "/"
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    source_ip: str | None = None
    country: str | None = None
    record_type: str = "A"
    """What a DNS question asks for, one of :data:`RECORD_TYPES`."""
    http_version: HttpVersion = ""
    """The version of HTTP; empty: what both sides can."""

    @classmethod
    def make(
        cls,
        source: str,
        target: str,
        *,
        protocol: str | None = None,
        port: int | None = None,
        source_port: int | None = None,
        method: str | None = None,
        path: str | None = None,
        headers: Mapping[str, str] | None = None,
        source_ip: str | None = None,
        country: str | None = None,
        record_type: str | None = None,
        http_version: str | None = None,
    ) -> Request:
        """Return the request; a URL as ``target`` is taken apart. Raise :class:`RequestError` where it is wrong."""
        query = ""
        if "://" in target:
            url = urlsplit(target)
            scheme = url.scheme.lower()
            if scheme not in {"http", "https", "tcp", "udp"} or not url.hostname:
                raise RequestError(f"{target!r} is no URL that can be traced; write https://HOST/PATH")
            if protocol is not None and protocol != scheme:
                raise RequestError(f"the URL says {scheme} and the protocol {protocol}; leave one out")
            try:
                url_port = url.port
            except ValueError as error:
                raise RequestError(f"the port of {target!r} is not within 0-65535; write HOST:PORT") from error
            protocol, target, port = scheme, url.hostname, url_port if url_port is not None else port
            path, query = path or url.path or "/", url.query
        if path and "?" in path:
            path, _, query = path.partition("?")
        if path and not path.startswith("/"):
            path = f"/{path}"
        if protocol is not None:
            protocol = protocol.lower()
            if protocol not in PROTOCOLS and not (protocol.isdigit() and int(protocol) <= 255):
                raise RequestError(f"unknown protocol {protocol!r}; use one of {', '.join(PROTOCOLS)} or a number")
        for name, value in (("port", port), ("source port", source_port)):
            if value is not None and not 0 <= value <= 65535:
                raise RequestError(f"{name} {value} is not within 0-65535; write one that is")
        if source_ip is not None and not is_address(source_ip):
            raise RequestError(f"{source_ip!r} is not an IP address; write it like 203.0.113.10")
        verb, wanted = (method or "GET").upper(), (record_type or "A").upper()
        if record_type is not None and protocol != "dns":
            raise RequestError("a record type is asked by DNS alone; add the protocol dns or leave the type out")
        if wanted not in RECORD_TYPES:
            raise RequestError(f"unknown record type {record_type!r}; use one of {', '.join(RECORD_TYPES)}")
        version = _VERSIONS.get(http_version or "")
        if version is None:
            raise RequestError(f"unknown HTTP version {http_version!r}; use 1.0, 1.1 or 2")
        return cls(
            source,
            target,
            protocol,
            port,
            source_port,
            verb,
            path or "/",
            query,
            headers or {},
            source_ip,
            country,
            wanted,
            version,
        )

    @classmethod
    def parse_journey(cls, journey: Journey) -> Request:
        """Return the request a journey stands for."""
        method: str | None = None
        target = journey.to or ""
        if journey.request is not None:
            first, _, rest = journey.request.strip().partition(" ")
            method, target = (first, rest.strip()) if rest and _METHODS.fullmatch(first) else (None, journey.request)
            if "://" not in target:
                target = f"https://{target}"
        return cls.make(
            journey.source,
            target,
            protocol=journey.protocol,
            port=journey.port,
            method=method,
            headers=journey.headers,
            source_ip=journey.source_ip,
            country=journey.country,
            http_version=journey.http_version,
        )

    @property
    def is_http(self) -> bool:
        """Whether an HTTP request is sent, not just a connection opened."""
        return self.protocol in {"http", "https"}

    def message(self, host: str = "", default_port: int | None = None) -> Message:
        """Return what is sent to ``host``; ``default_port`` is the target's own where the request names none.

        Raises :class:`RequestError` where TCP or UDP is to be sent and nothing says to which port.
        """
        protocol = self.protocol or "tcp"
        transport = _TRANSPORT.get(protocol, {"6": "tcp", "17": "udp", "1": "icmp"}.get(protocol, protocol))
        port = self.port if self.port is not None else _DEFAULT_PORT.get(protocol)
        if transport in {"tcp", "udp"} and port is None:
            port = default_port
            if port is None:
                raise RequestError(f"no port is given for {transport} to {self.target!r}; add the port")
        if transport not in {"tcp", "udp"}:
            port = None
        http = None
        if protocol in _DEFAULT_PORT and self.is_http:
            scheme: Literal["http", "https"] = "https" if protocol == "https" else "http"
            headers = dict(self.headers)
            # Without a name in the URL, or without TLS to check it, the header alone says which site is asked for.
            if scheme == "http" or not host:
                host = next((text.partition(":")[0] for name, text in headers.items() if name.lower() == "host"), host)
            http = Http(self.method, scheme, host, self.path, self.query, headers, self.http_version)
        return Message(transport, port, http, self.source_port)

    @property
    def text(self) -> str:
        """The request in one phrase: ``internet to https://shop.example.com/``."""
        return f"{self.source} to {self.target_text}"

    @property
    def asked(self) -> str:
        """The target as scripts know it: the URL of an HTTP request, otherwise the id, address or name alone."""
        return self.target_text if self.is_http else self.target

    @property
    def target_text(self) -> str:
        """The target as a person would write it."""
        port = f":{self.port}" if self.port is not None else ""
        if self.is_http:
            return f"{self.protocol}://{self.target}{port}{self.path}{'?' + self.query if self.query else ''}"
        if self.record_type != "A":
            return f"{self.target} (dns {self.record_type})"
        return f"{self.target} ({self.protocol or 'tcp'}{' ' + str(self.port) if self.port is not None else ''})"


__all__ = ["PROTOCOLS", "RECORD_TYPES", "Request", "RequestError", "is_address"]
