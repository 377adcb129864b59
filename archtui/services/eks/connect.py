"""What deployments, Services and Ingresses connect to."""

from __future__ import annotations

from collections.abc import Mapping

from archtui.model.component import Component, Json
from archtui.model.connect import Way
from archtui.model.edits import append_to
from archtui.services.ec2.connect import SCALING_GROUP
from archtui.services.eks.properties import K8sDeploymentProperties, K8sIngressProperties, K8sServiceProperties
from archtui.services.lookups import as_kind
from archtui.services.wiring import RefusedError, Wiring, never, way


def _service_to_deployment(wiring: Wiring, service: Component, deployment: Component) -> str:
    known = as_kind(wiring.world, service.id, K8sServiceProperties)
    if known and deployment.id not in known.selects:
        edit = append_to(wiring.world.blueprint, service.id, ("selects",), deployment.id)
        wiring.do(edit, f"{service.id} selects the pods of {deployment.id}")
    return f"{service.id} leads to {deployment.id}"


def _ingress_to_service(wiring: Wiring, ingress: Component, service: Component) -> str:
    known = as_kind(wiring.world, ingress.id, K8sIngressProperties)
    if known and not any(rule.service == service.id for rule in known.rules):
        path: Json = {"path": "/" if not known.rules else f"/{service.id}", "service": service.id}
        edit = append_to(wiring.world.blueprint, ingress.id, ("rules",), path)
        wiring.do(edit, f"{ingress.id} sends requests to {service.id}")
    return f"{ingress.id} leads to {service.id}"


def _deployment_to_service(wiring: Wiring, deployment: Component, service: Component) -> str:
    known = as_kind(wiring.world, service.id, K8sServiceProperties)
    if known is None or not known.ports:
        raise RefusedError(f"{service.id} has no port.")
    caller = as_kind(wiring.world, deployment.id, K8sDeploymentProperties)
    if caller and known.cluster and caller.cluster != known.cluster and known.type == "ClusterIP":
        raise RefusedError(
            f"{service.id} has an address inside {known.cluster} alone.", "Make it a Service of type LoadBalancer."
        )
    wiring.link(deployment.id, service.id, known.ports[0].port)
    return f"{deployment.id} talks to {service.id}"


DEPLOYMENT: Mapping[str, Way] = {
    **SCALING_GROUP,
    "k8s_service": way(_deployment_to_service),
    "k8s_deployment": never(
        "{a} does not know the addresses of the pods of {b}, which change.",
        "Connect {a} to a Service that leads to {b}.",
    ),
}
SERVICE: Mapping[str, Way] = {"k8s_deployment": way(_service_to_deployment)}
INGRESS: Mapping[str, Way] = {"k8s_service": way(_ingress_to_service)}
