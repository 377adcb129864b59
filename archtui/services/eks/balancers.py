"""What the AWS Load Balancer Controller makes of Services and Ingresses: balancers, target groups, security groups.

Sources: AWS Load Balancer Controller, "Service annotations", "Ingress annotations" (target type ``instance`` by
default, scheme ``internal``; without ``security-groups`` the controller makes one that admits ``inbound-cidrs`` to the
listeners' ports and lets it in at the groups of nodes or pods), "Network Load Balancer" and "Subnet discovery".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from archtui.model.component import Component, Json
from archtui.services.ec2.properties import Ec2InstanceProperties
from archtui.services.eks.expand import node_names, nodes_of
from archtui.services.eks.properties import (
    EksClusterProperties,
    IngressPath,
    K8sDeploymentProperties,
    K8sIngressProperties,
    K8sPodProperties,
    K8sServiceProperties,
    ServicePort,
)
from archtui.services.vpc.defaults import vpc_of, zone_of
from archtui.services.vpc.properties import RouteTableProperties, SubnetProperties
from archtui.world.expand import Draft, Expands

NODE_PORTS = range(30000, 32768)
"""Where Kubernetes takes node ports from (kube-apiserver, ``--service-node-port-range``)."""


def balancer_of(name: str) -> str:
    """Return the id of the balancer that the controller makes for a Service or an Ingress."""
    return f"{name}:lb"


def target_group_of(owner: str, service: str, port: int) -> str:
    """Return the id of the target group of a port of ``service`` behind the balancer of ``owner``."""
    return f"{owner}:{service}-{port}"


@dataclass(frozen=True, slots=True)
class Behind:
    """What stands behind a Service."""

    pods: tuple[str, ...]
    nodes: tuple[str, ...]
    cluster: str | None

    def groups(self, target_type: str, draft: Draft) -> tuple[str, ...]:
        """Return the security groups that a balancer has to get through."""
        found: dict[str, None] = {}
        for name in self.pods if target_type == "ip" else self.nodes:
            component = draft.get(name)
            known = component.properties if component else None
            if isinstance(known, K8sPodProperties | Ec2InstanceProperties):
                found.update(dict.fromkeys(known.security_groups))
        return tuple(found)


def behind(service: K8sServiceProperties, draft: Draft) -> Behind:
    """Return the pods that a Service selects, the nodes that answer on its node ports, and its cluster."""
    pods: dict[str, None] = {}
    nodes: dict[str, None] = {}
    cluster = service.cluster
    for name in service.selects:
        component = draft.get(name)
        known = component.properties if component else None
        if isinstance(known, K8sDeploymentProperties):
            pods.update(dict.fromkeys(known.members))
            cluster = cluster or known.cluster
            if cluster is None:
                nodes.update(dict.fromkeys(node.host.id for node in nodes_of(known.nodes, draft)))
    if cluster:
        every = node_names(K8sDeploymentProperties(cluster=cluster), draft)
        nodes.update(dict.fromkeys(node.host.id for node in nodes_of(every, draft)))
    return Behind(tuple(pods), service.targets_on or tuple(nodes), cluster)


def has_controller(cluster: str | None, draft: Draft) -> bool:
    """Whether the AWS Load Balancer Controller runs in a cluster; on nodes of one's own it is taken to."""
    component = draft.get(cluster) if cluster else None
    known = component.properties if component else None
    return not isinstance(known, EksClusterProperties) or known.load_balancer_controller


class ExpandsService(Expands):
    """A Service has a port on every node where its type asks for it, and a Network Load Balancer of its own."""

    order = 47

    def expand(self, component: Component, draft: Draft) -> None:
        service = component.properties
        if not isinstance(service, K8sServiceProperties):
            return
        there = behind(service, draft)
        if there.cluster and service.cluster is None:
            draft.fill(component.id, {"cluster": there.cluster})
        ports = tuple(_spoken(port, there, draft) for port in service.ports)
        if service.type != "ClusterIP":
            ports = tuple(_with_node_ports(ports, draft))
        if ports != service.ports:
            draft.complete(component.id, {"ports": [port.model_dump(exclude_none=True) for port in ports]})
        if service.type == "ClusterIP":
            return
        draft.fill(component.id, {"targets_on": list[Json](there.nodes)})
        if service.type == "LoadBalancer" and has_controller(there.cluster, draft):
            _network_balancer(component.id, service, ports, there, draft)


def _spoken(port: ServicePort, there: Behind, draft: Draft) -> ServicePort:
    """Return a port with what the pods behind it speak."""
    pod = draft.get(there.pods[0]) if there.pods else None
    known = pod.properties.listens if pod and isinstance(pod.properties, K8sPodProperties) else None
    spoken = next((item.protocol for item in known or () if item.port == port.inner), "")
    if port.app_protocol or spoken not in ("http", "https"):
        return port
    return port.model_copy(update={"app_protocol": spoken})


def _with_node_ports(ports: Sequence[ServicePort], draft: Draft) -> Iterator[ServicePort]:
    """Yield the ports, each with a node port that no other Service has."""
    taken: set[int] = set()
    for other in draft.of_kind("k8s_service"):
        if isinstance(other.properties, K8sServiceProperties):
            taken.update(port.node_port for port in other.properties.ports if port.node_port)
    for port in ports:
        if port.node_port is None:
            free = next(number for number in NODE_PORTS if number not in taken)
            taken.add(free)
            port = port.model_copy(update={"node_port": free})
        yield port


def _network_balancer(
    name: str, service: K8sServiceProperties, ports: Sequence[ServicePort], there: Behind, draft: Draft
) -> None:
    listeners: list[Json] = []
    for port in ports:
        group = target_group_of(name, name, port.port)
        protocol = "UDP" if port.protocol == "udp" else "TCP"
        draft.add(group, "target_group", {**_targets(port, service.target_type, there), "protocol": protocol})
        listener: dict[str, Json] = {"port": port.port, "protocol": protocol, "forward": group}
        if service.certificate and protocol == "TCP":
            listener |= {"protocol": "TLS", "certificate": service.certificate}
        listeners.append(listener)
    front = _front(name, service, [(port.port, port.protocol) for port in ports], there, draft)
    opened = [(port.inner if service.target_type == "ip" else port.node_port, port.protocol) for port in ports]
    _open(name, service, front, opened, there, draft)
    draft.add(balancer_of(name), "network_load_balancer", {**front, "listeners": listeners})


def _targets(port: ServicePort, target_type: str, there: Behind) -> dict[str, Json]:
    """Return a target group's port and targets: pods, or nodes with the node port."""
    if target_type == "ip":
        pods: list[Json] = [{"id": pod, "port": port.inner} for pod in there.pods]
        return {"port": port.inner, "target_type": "ip", "targets": pods}
    nodes: list[Json] = [{"id": node, "port": port.node_port} for node in there.nodes] if port.node_port else []
    return {"port": port.node_port or port.port, "target_type": "instance", "targets": nodes}


def _front(
    name: str,
    asked: K8sServiceProperties | K8sIngressProperties,
    ports: Sequence[tuple[int, str]],
    there: Behind,
    draft: Draft,
) -> dict[str, Json]:
    """Return scheme, subnets and groups of a balancer; the group that admits everyone asked for is made."""
    subnets: list[Json] = list(asked.subnets) or _discovered(there, asked.scheme, draft)
    groups: list[Json] = list(asked.security_groups)
    if not groups:
        sources = asked.source_ranges if isinstance(asked, K8sServiceProperties) else asked.inbound_cidrs
        rules: list[Json] = [
            {"port": port, "protocol": protocol, "from": source} for port, protocol in ports for source in sources
        ]
        body: dict[str, Json] = {"description": f"of the balancer of {name}", "ingress": rules}
        vpc = vpc_of(draft, [str(subnet) for subnet in subnets])
        groups = [f"{name}:lb-sg"]
        draft.add(f"{name}:lb-sg", "security_group", {**body, "vpc": vpc} if vpc else body)
    return {"scheme": asked.scheme, "subnets": subnets, "security_groups": groups}


def _open(
    name: str,
    asked: K8sServiceProperties | K8sIngressProperties,
    front: dict[str, Json],
    ports: Sequence[tuple[int | None, str]],
    there: Behind,
    draft: Draft,
) -> None:
    """Let a balancer in at the groups of what stands behind it."""
    managed = not asked.security_groups if asked.backend_rules is None else asked.backend_rules
    sources = front["security_groups"]
    if not managed or not isinstance(sources, list):
        return
    for group in there.groups(asked.target_type, draft):
        component = draft.get(group)
        if component is None or component.kind.name != "security_group":
            continue
        written = component.raw.get("ingress")
        rules = list(written) if isinstance(written, list) else []
        for port, protocol in dict.fromkeys(ports):
            rule: Json = {"port": port, "protocol": protocol, "from": sources[0], "description": f"of {name}"}
            if port is not None and rule not in rules:
                rules.append(rule)
        draft.complete(group, {"ingress": rules})


def _discovered(there: Behind, scheme: str, draft: Draft) -> list[Json]:
    """Return a subnet of each zone of the cluster's VPC, public or not as the scheme asks; the first by id."""
    cluster = draft.get(there.cluster) if there.cluster else None
    known = cluster.properties if cluster else None
    subnets = known.subnets if isinstance(known, EksClusterProperties) else _of_nodes(there, draft)
    vpc = vpc_of(draft, subnets)
    found: dict[str, str] = {}
    for subnet in sorted(draft.referrers(vpc, "subnet") if vpc else (), key=lambda item: item.id):
        if _is_public(subnet, draft) == (scheme == "internet-facing"):
            found.setdefault(zone_of(draft, subnet), subnet.id)
    return [found[zone] for zone in sorted(found)]


def _of_nodes(there: Behind, draft: Draft) -> tuple[str, ...]:
    machines = [draft.get(name) for name in there.nodes]
    known = [machine.properties for machine in machines if machine]
    return tuple(item.subnet for item in known if isinstance(item, Ec2InstanceProperties) and item.subnet)


def _is_public(subnet: Component, draft: Draft) -> bool:
    table = subnet.properties.route_table if isinstance(subnet.properties, SubnetProperties) else None
    component = draft.get(table) if table else None
    routes = component.properties.routes if component and isinstance(component.properties, RouteTableProperties) else ()
    gateways = (draft.get(route.via) for route in routes if route.state == "active")
    return any(gateway is not None and gateway.kind.name == "internet_gateway" for gateway in gateways)


class ExpandsIngress(Expands):
    """An Ingress is an Application Load Balancer with a rule for each path and a target group for each Service."""

    order = 48

    def expand(self, component: Component, draft: Draft) -> None:
        ingress = component.properties
        if not isinstance(ingress, K8sIngressProperties) or not has_controller(ingress.cluster, draft):
            return
        name = component.id
        rules: list[Json] = []
        every = Behind((), (), ingress.cluster)
        opened: dict[str, list[tuple[int | None, str]]] = {}
        sides: dict[str, Behind] = {}
        for number, path in enumerate(in_order(ingress.rules), 1):
            found = self._group(name, ingress, path.service, path.port, opened, sides, draft)
            if found:
                condition: dict[str, Json] = {"host": [path.host]} if path.host else {}
                rules.append({"priority": number, **condition, "path": list[Json](patterns(path)), "forward": found})
        default: dict[str, Json] = {"fixed_response": {"status": 404}}
        if ingress.default_service:
            found = self._group(name, ingress, ingress.default_service, None, opened, sides, draft)
            default = {"forward": found} if found else default
        listeners = _listeners(ingress, {**default, "rules": rules} if rules else default)
        ports = [(int(str(listener["port"])), "tcp") for listener in listeners]
        front = _front(name, ingress, ports, every, draft)
        for service, ports_there in opened.items():
            _open(name, ingress, front, ports_there, sides[service], draft)
        kept: dict[str, Json] = {
            "waf": ingress.waf,
            "deletion_protection": ingress.deletion_protection,
            "access_logs": ingress.access_logs,
        }
        shown: list[Json] = list(listeners)
        draft.add(balancer_of(name), "application_load_balancer", {**front, **kept, "listeners": shown})

    @staticmethod
    def _group(
        name: str,
        ingress: K8sIngressProperties,
        service: str,
        asked: int | None,
        opened: dict[str, list[tuple[int | None, str]]],
        sides: dict[str, Behind],
        draft: Draft,
    ) -> str | None:
        """Add the target group of a Service's port; None: there is no such port."""
        component = draft.get(service)
        known = component.properties if component else None
        if not isinstance(known, K8sServiceProperties):
            return None
        port = next((item for item in known.ports if asked in (None, item.port)), None)
        if port is None:
            return None
        there = sides.setdefault(service, behind(known, draft))
        group = target_group_of(name, service, port.port)
        check: dict[str, Json] = {"path": ingress.health_check_path, "matcher": ingress.success_codes}
        draft.add(group, "target_group", {**_targets(port, ingress.target_type, there), "health_check": check})
        inner = port.inner if ingress.target_type == "ip" else port.node_port
        opened.setdefault(service, []).append((inner, "tcp"))
        return group


def _listeners(ingress: K8sIngressProperties, action: dict[str, Json]) -> list[dict[str, Json]]:
    if ingress.certificate is None:
        return [{"port": 80, "protocol": "HTTP", **action}]
    secure: dict[str, Json] = {"port": 443, "protocol": "HTTPS", "certificate": ingress.certificate, **action}
    if ingress.ssl_policy:
        secure["ssl_policy"] = ingress.ssl_policy
    if not ingress.ssl_redirect:
        return [secure]
    redirect: Json = {"protocol": "HTTPS", "port": 443, "status": 301}
    return [secure, {"port": 80, "protocol": "HTTP", "redirect": redirect}]


def in_order(paths: Sequence[IngressPath]) -> list[IngressPath]:
    """Return the paths as they decide: exact ones first, then the longest, those with a host before those without
    (Kubernetes, "Ingress", "Multiple matches"); patterns of the balancer's own last, as they are written."""
    rank = {"Exact": 0, "Prefix": 1, "ImplementationSpecific": 2}

    def key(path: IngressPath) -> tuple[bool, int, int]:
        length = 0 if path.path_type == "ImplementationSpecific" else len(path.path.rstrip("/"))
        return (not path.host, rank[path.path_type], -length)

    return sorted(paths, key=key)


def patterns(path: IngressPath) -> tuple[str, ...]:
    """Return the balancer's path patterns: ``/shop`` as a prefix is ``/shop`` and what is below ``/shop/``."""
    if path.path_type != "Prefix":
        return (path.path,)
    bare = path.path.rstrip("/")
    return (bare, f"{bare}/*") if bare else ("/*",)


__all__ = [
    "NODE_PORTS",
    "ExpandsIngress",
    "ExpandsService",
    "balancer_of",
    "in_order",
    "patterns",
    "target_group_of",
]
