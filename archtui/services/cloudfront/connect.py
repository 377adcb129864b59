"""What distributions connect to: origins, and certificates to them."""

from __future__ import annotations

from collections.abc import Mapping

from archtui.model.component import Component, Json
from archtui.model.connect import Way
from archtui.model.edits import append_to, set_property
from archtui.services.acm.properties import CertificateProperties
from archtui.services.cloudfront.properties import CloudFrontDistributionProperties
from archtui.services.elb.matching import listener_protocol
from archtui.services.elb.properties import LoadBalancerProperties
from archtui.services.lookups import as_kind
from archtui.services.wiring import RefusedError, Wiring, never, way


def _properties(wiring: Wiring, name: str) -> CloudFrontDistributionProperties:
    found = as_kind(wiring.world, name, CloudFrontDistributionProperties)
    if found is None:
        raise RefusedError(f"{name} is no distribution.")
    return found


def _to_bucket(wiring: Wiring, distribution: Component, bucket: Component) -> str:
    return _origin(wiring, distribution, {"id": bucket.id, "to": bucket.id, "access": "oac"})


def _to_balancer(wiring: Wiring, distribution: Component, balancer: Component) -> str:
    properties = as_kind(wiring.world, balancer.id, LoadBalancerProperties)
    listeners = properties.listeners if properties else ()
    secure = any(listener_protocol(listener) in ("HTTPS", "TLS") for listener in listeners)
    body: dict[str, Json] = {"id": balancer.id, "to": balancer.id}
    if not secure:
        body["protocol"] = "http-only"
    if properties and properties.scheme == "internal":
        body["vpc_origin"] = True
    return _origin(wiring, distribution, body)


def _to_instance(wiring: Wiring, distribution: Component, instance: Component) -> str:
    port = wiring.port(instance.id, 80)
    body: dict[str, Json] = {"id": instance.id, "to": instance.id, "protocol": "http-only"}
    if port != 80:
        body["http_port"] = port
    return _origin(wiring, distribution, body)


def _origin(wiring: Wiring, distribution: Component, body: dict[str, Json]) -> str:
    properties, target = _properties(wiring, distribution.id), str(body["to"])
    known = {origin.to: origin.id for origin in properties.origins}
    if target not in known:
        edit = append_to(wiring.world.blueprint, distribution.id, ("origins",), body)
        wiring.do(edit, f"{target} becomes an origin of {distribution.id}")
        known[target] = target
    if properties.default is None:
        default: dict[str, Json] = {"origin": known[target], "viewer_protocol": "redirect-to-https"}
        wiring.do(set_property(distribution.id, ("default",), default), f"every path is asked of {target}")
    return f"{distribution.id} gets what it serves from {target}"


def certificate_to_distribution(wiring: Wiring, certificate: Component, distribution: Component) -> str:
    """Give a distribution its certificate; refused where CloudFront cannot use it."""
    properties = as_kind(wiring.world, certificate.id, CertificateProperties)
    region = wiring.world.placement(certificate.id).region
    if properties and region != "us-east-1":
        raise RefusedError(
            f"{certificate.id} is in {region}; CloudFront uses certificates of us-east-1 alone.",
            f"Set the region of {certificate.id} to us-east-1.",
        )
    if _properties(wiring, distribution.id).certificate != certificate.id:
        edit = set_property(distribution.id, ("certificate",), certificate.id)
        wiring.do(edit, f"{distribution.id} shows {certificate.id}")
    return f"{distribution.id} shows {certificate.id}"


def _to_api(wiring: Wiring, distribution: Component, api: Component) -> str:
    return _origin(wiring, distribution, {"id": api.id, "to": api.id})


DISTRIBUTION: Mapping[str, Way] = {
    "api_gateway": way(_to_api),
    "lambda_function": never(
        "A distribution asks HTTP servers; a function is one by its URL or behind an API.",
        "Put an API or a load balancer between {a} and {b}, or attach {b} to a behaviour as a function at the edge.",
    ),
    "s3_bucket": way(_to_bucket),
    "application_load_balancer": way(_to_balancer),
    "network_load_balancer": way(_to_balancer),
    "ec2_instance": way(_to_instance),
    "db_instance": never("A distribution asks HTTP servers; {b} is a database.", "Put a server between {a} and {b}."),
    "auto_scaling_group": never(
        "The instances of {b} come and go, and so do their addresses.",
        "Put a load balancer before {b} and connect {a} to that.",
    ),
}
