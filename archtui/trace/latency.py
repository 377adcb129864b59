"""How long a hop takes: round figures for orientation, each with the assumption it rests on.

AWS publishes no latency between two given points. The figures below are the project's own round
numbers for one exchange; a trace names them as assumptions.
"""

from __future__ import annotations

from dataclasses import dataclass

from archtui.model.component import Json


@dataclass(frozen=True, slots=True)
class Latency:
    """The time one part of a trace takes, in milliseconds, and what is assumed."""

    hop: str
    """``dns``, or ``FROM > TO`` for an exchange between two components."""
    milliseconds: float
    assumption: str

    def to_json(self) -> dict[str, Json]:
        """Return the time as plain data."""
        return {"hop": self.hop, "ms": self.milliseconds, "assumption": self.assumption}


DNS_MS = 20.0
AWS_DNS_MS = 1.0
INTERNET_MS = 40.0
SAME_ZONE_MS = 0.5
CROSS_ZONE_MS = 1.5
REGION_MS = 2.0
CROSS_REGION_MS = 80.0
SERVICE_MS = 5.0
"""Editorial round figures: an uncached DNS answer outside and inside AWS, an internet round trip, one
within a zone, one between zones of a region, one to or from a service that a region runs outside its zones (such
traffic stays on AWS's own network: Amazon VPC FAQs), one between regions of a continent, one call of an AWS
service that AWS itself carries."""


def dns_latency(inside: bool) -> Latency:
    """Return the time of a DNS answer that no resolver has cached; ``inside``: from Amazon's resolver in the region."""
    if inside:
        return Latency("dns", AWS_DNS_MS, f"Amazon's resolver answers in {AWS_DNS_MS:g} ms")
    return Latency("dns", DNS_MS, f"an uncached DNS answer takes {DNS_MS:g} ms")


def service_latency(source: str, target: str) -> Latency:
    """Return the time of a call that AWS carries from one of its services to another."""
    return Latency(f"{source} > {target}", SERVICE_MS, f"a call between AWS services takes {SERVICE_MS:g} ms")


def leg_latency(source: str, target: str, zones: tuple[str, str], regions: tuple[str, str], tls: bool) -> Latency:
    """Return the time of one exchange; opening the connection costs a round trip, TLS 1.3 another (RFC 8446, 2).

    ``zones`` and ``regions`` are those of both ends, each empty where an end is in none.
    """
    if not all(regions):
        once, what = INTERNET_MS, f"an internet round trip takes {INTERNET_MS:g} ms"
    elif regions[0] != regions[1]:
        once, what = CROSS_REGION_MS, f"a round trip between regions takes {CROSS_REGION_MS:g} ms"
    elif not all(zones):
        once, what = REGION_MS, f"a round trip to a service of the region takes {REGION_MS:g} ms"
    elif zones[0] != zones[1]:
        once, what = CROSS_ZONE_MS, f"a round trip between zones takes {CROSS_ZONE_MS:g} ms"
    else:
        once, what = SAME_ZONE_MS, f"a round trip within a zone takes {SAME_ZONE_MS:g} ms"
    trips = 3 if tls else 2
    parts = "connect, TLS, request" if tls else "connect, request"
    return Latency(f"{source} > {target}", once * trips, f"{what}; {trips} of them: {parts}")
