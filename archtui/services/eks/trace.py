"""What a cluster's endpoint, its Services and Ingresses do with requests, and which pods are there."""

from __future__ import annotations

import ipaddress
import zlib
from collections.abc import Callable, Mapping
from typing import Literal

from archtui.model.component import Component, Json
from archtui.model.operations import Operation, Set
from archtui.services.container_requests import ContainerReceives, FleetBehaviour, container_of, keeper_of
from archtui.services.ec2.properties import AutoScalingGroupProperties
from archtui.services.ec2.trace import not_working, scheme_of
from archtui.services.eks.balancers import balancer_of
from archtui.services.eks.expand import scaling_group
from archtui.services.eks.properties import (
    EksClusterProperties,
    EksNodeGroupProperties,
    K8sDeploymentProperties,
    K8sIngressProperties,
    K8sPodProperties,
    K8sServiceProperties,
)
from archtui.services.fronted import FrontedByBalancer
from archtui.services.handing import HandsOn
from archtui.services.lookups import as_kind, each
from archtui.services.permissions import ActsByRole
from archtui.services.publishing import PublishesPorts
from archtui.trace import codes
from archtui.trace.interface import (
    Arrival,
    Call,
    HasMembers,
    HasName,
    MovesAway,
    NameAnswer,
    NameWay,
    Question,
    Receives,
    Reception,
    StandsIn,
    TakesAtSender,
    Walk,
    Way,
    hop,
)
from archtui.trace.message import Endpoint, Message
from archtui.world.condition import Condition
from archtui.world.steps import Action, RuleRef, Step
from archtui.world.world import World

TTL = 30.0
"""Seconds that CoreDNS lets a Service's name be kept (its kubernetes plugin's setting in EKS)."""


ENDPOINTS = "eks.endpoints"
"""The mechanism by which pods of a lost node leave the endpoints of Services."""


def service_of(component: Component) -> K8sServiceProperties:
    """Return the properties of a Service."""
    if not isinstance(component.properties, K8sServiceProperties):
        raise TypeError(f"{component.id} is no Service")
    return component.properties


def cluster_ip(name: str, world: World) -> str:
    """Return the virtual address of a Service."""
    return world.part(_cluster_ips)[name]


def _cluster_ips(world: World) -> Mapping[str, str]:
    """Give each Service an address of its cluster's block by its name, so that another Service moves none but a
    colliding one."""
    found: dict[str, str] = {}
    taken: set[tuple[str | None, int]] = set()
    for component, service in sorted(each(world, K8sServiceProperties), key=lambda pair: pair[0].id):
        known = as_kind(world, service.cluster, EksClusterProperties) or EksClusterProperties()
        block = ipaddress.ip_network(known.service_cidr)
        size = block.num_addresses - 17
        place = zlib.crc32(component.id.encode()) % size
        while (service.cluster, place) in taken:
            place = (place + 1) % size
        taken.add((service.cluster, place))
        found[component.id] = str(block[16 + place])
    return found


def pods_of(component: Component, walk: Walk) -> tuple[Endpoint, ...]:
    """Return the pods among a Service's endpoints: those that work as far as the cluster has noticed."""
    seen = walk.perceived(f"{ENDPOINTS}:{component.id}")
    found = []
    for deployment in service_of(component).selects:
        known = as_kind(seen.world, deployment, K8sDeploymentProperties)
        for name in known.members if known else ():
            node = _node_of(name, seen.world)
            gone = seen.is_down(name) or bool(node and seen.is_down(node))
            nics = () if gone else seen.interfaces(name)[:1]
            found += [nic for nic in nics if not seen.condition.zone_down(nic.zone)]
    return tuple(found)


class PodReceives(ContainerReceives):
    """A pod answers with its programs, as long as its node works."""

    def receive(self, arrival: Arrival, walk: Walk) -> Reception:
        pod = container_of(arrival.component)
        node = pod.node if isinstance(pod, K8sPodProperties) else None
        if node and walk.is_down(node):
            return not_working(arrival.component, f"on {node}, which is down")
        return super().receive(arrival, walk)

    def image(self, component: Component, world: World) -> tuple[str, str]:
        """A node pulls for its pods, Fargate over the pod's own interface."""
        pod, keeper = component.properties, keeper_of(component, world)
        known = keeper.properties if keeper else None
        image = known.image if isinstance(known, K8sDeploymentProperties) else ""
        return image, (pod.node if isinstance(pod, K8sPodProperties) and pod.node else component.id)


class PodActs(ActsByRole):
    """A pod acts as its deployment's role (EKS User Guide, "EKS Pod Identities", "IAM roles for service accounts");
    without one nothing is said: whether it may ask its node for the node's role is not stated."""

    def role(self, component: Component, world: World) -> str | None:
        keeper = keeper_of(component, world)
        return keeper.properties.role if keeper and isinstance(keeper.properties, K8sDeploymentProperties) else None


class DeploymentBehaviour(FleetBehaviour):
    """A deployment is a set of equal pods; those of a node that is lost are not there."""

    def members(self, component: Component, walk: Walk) -> tuple[Endpoint, ...]:
        lost = {
            name
            for name in _deployment(component).members
            if (pod := as_kind(walk.world, name, K8sPodProperties)) and pod.node and walk.is_down(pod.node)
        }
        return tuple(nic for nic in super().members(component, walk) if nic.component not in lost)

    def port(self, component: Component) -> int | None:
        listens = _deployment(component).listens
        return listens[0].port if listens and len(listens) == 1 else None

    def scheme(self, component: Component, port: int) -> Literal["", "http", "https"]:
        return scheme_of(_deployment(component).listens, port)

    def stands_in(self, component: Component, world: World, condition: Condition, acts: Callable[[str], bool]) -> bool:
        """New pods need the cluster's control plane and a node that works or is replaced."""
        return acts(f"{self.mechanism}:{component.id}") and not self.control_planes & condition.control_planes


def _deployment(component: Component) -> K8sDeploymentProperties:
    if not isinstance(component.properties, K8sDeploymentProperties):
        raise TypeError(f"{component.id} is no deployment")
    return component.properties


class ServiceBehaviour(HasName, Receives, TakesAtSender, PublishesPorts):
    """A Service has a name and a virtual address in its cluster, and a port on every node where its type says so.

    Sources: Kubernetes, "Service", "Virtual IPs and Service Proxies": kube-proxy of the sender's node sends to one of
    the ready pods, each equally often; without one it refuses the connection. "DNS for Services and Pods".
    """

    def names(self, component: Component, world: World) -> tuple[str, ...]:
        service = service_of(component)
        full = f"{component.id}.{service.namespace}.svc.cluster.local".lower()
        return (full, full.removesuffix(".cluster.local"), f"{component.id}.{service.namespace}".lower())

    def known_to(self, component: Component, question: Question, walk: Walk) -> bool:
        asker = _cluster_of(question.asker.component, walk.world)
        return asker is not None and _home(component, walk.world) in ("", asker)

    def answer(self, component: Component, question: Question, walk: Walk) -> NameAnswer:
        if self.known_to(component, question, walk):
            address = cluster_ip(component.id, walk.world)
            text = f"The cluster's DNS gives {address} for {component.id}, an address that is nobody's in the VPC."
            step = Step("dns", Action.ANSWER, "", text, RuleRef(component.id, f"cluster IP {address}"))
            at = Endpoint(component.id, address)
            return NameAnswer((hop(component, step),), (NameWay(1.0, at, ttl=TTL),))
        front = walk.world.components.get(balancer_of(component.id))
        named = front.kind.behaviour(HasName) if front else None
        if front and named:
            return named.answer(front, question, walk)
        where = "the port of its nodes" if service_of(component).type == "NodePort" else "an Ingress or a balancer"
        text = f"{component.id} has an address inside its cluster alone; from outside it takes {where}."
        step = Step("dns", Action.DENY, codes.K8S_CLUSTER_ONLY, text, RuleRef(component.id, text, ("type",)))
        return NameAnswer((hop(component, step),))

    def port(self, component: Component) -> int | None:
        ports = service_of(component).ports
        return ports[0].port if len(ports) == 1 else None

    def scheme(self, component: Component, port: int) -> Literal["", "http", "https"]:
        return next((item.app_protocol or "" for item in service_of(component).ports if item.port == port), "")

    def at_sender(self, component: Component, address: str) -> Step | None:
        text = f"The sender's node knows {address} as the address of {component.id}: no packet leaves it so."
        return Step("service", Action.FORWARD, "", text, RuleRef(component.id, f"cluster IP {address}"))

    def receive(self, arrival: Arrival, walk: Walk) -> Reception:
        component, message = arrival.component, arrival.message
        ports = service_of(component).ports
        chosen = next((i for i, each in enumerate(ports) if (each.protocol, each.port) == _asked(message)), None)
        if chosen is not None:
            return _sent(arrival, component, chosen, arrival.sender, pods_of(component, walk), (), walk)
        asked = f"{message.protocol} {message.port}"
        lost = tuple(
            RuleRef(component.id, f"{item.protocol} {item.port}", ("ports", index), f"not {asked}")
            for index, item in enumerate(ports)
        )
        text = f"{component.id} has no port {asked}: nothing translates its address for it."
        step = Step("service", Action.DENY, codes.K8S_NO_PORT, text, RuleRef(component.id, text, ("ports",)), lost)
        return Reception((hop(component, step),))

    def taken(self, component: Component, arrival: Arrival, walk: Walk) -> Reception | None:
        """Take what comes to a node on one of the node ports."""
        service = service_of(component)
        node = next((name for name in (arrival.at.interface, arrival.component.id) if name in service.targets_on), "")
        ports = service.ports
        wanted = _asked(arrival.message)
        chosen = next((i for i, each in enumerate(ports) if (each.protocol, each.node_port) == wanted), None)
        if chosen is None or not node:
            return None
        pods = pods_of(component, walk)
        lost: tuple[RuleRef, ...] = ()
        if service.external_traffic_policy == "Local":
            here = tuple(pod for pod in pods if _node_of(pod.component, walk.world) == node)
            why = f"on another node than {node} (externalTrafficPolicy Local)"
            lost = tuple(RuleRef(component.id, str(pod), ("selects",), why) for pod in pods if pod not in here)
            pods = here
        return _sent(arrival, component, chosen, arrival.at, pods, lost, walk)


def _asked(message: Message) -> tuple[str, int | None]:
    return message.protocol, message.port


def _node_of(name: str, world: World) -> str | None:
    pod = as_kind(world, name, K8sPodProperties)
    return pod.node if pod else None


def _sent(
    arrival: Arrival,
    component: Component,
    chosen: int,
    source: Endpoint,
    pods: tuple[Endpoint, ...],
    lost: tuple[RuleRef, ...],
    walk: Walk,
) -> Reception:
    """Send to one of ``pods`` over a connection from ``source``: the asking pod, or the node that has been asked."""
    port = service_of(component).ports[chosen]
    rule = RuleRef(component.id, f"port {port.port} > {port.inner}", ("ports", chosen))
    cut = (arrival.sender.component, component.id) in walk.condition.links
    if cut or not pods:
        where = f" on {source}" if lost else ""
        text = f"{component.id} has no ready pod{where}: the connection is refused."
        step = Step("service", Action.DENY, codes.K8S_NO_ENDPOINTS, text, rule, lost)
        return Reception((hop(component, step),), refused=True)
    before, message = arrival.message.to_json(), arrival.message.to_port(port.inner)
    share = f"one of the {len(pods)} ready pods" if len(pods) > 1 else "the one ready pod"
    text = f"kube-proxy sends to {share} of {component.id}, on port {port.inner}."
    step = Step("service", Action.TRANSLATE, "", text, rule, lost, before=before, after=message.to_json())
    ways = tuple(Way(1 / len(pods), str(pod), source, pod, message) for pod in pods)
    call = Call(f"{component.id} sends to a pod", ways, relays=True, refused_status=None, timeout_status=None)
    return Reception((hop(component, step),), (call,))


def _cluster_of(name: str, world: World) -> str | None:
    """Return the cluster of a pod: the EKS cluster, or the first nodes of one's own; None: it is no pod."""
    pod = as_kind(world, name, K8sPodProperties)
    keeper = as_kind(world, pod.service, K8sDeploymentProperties) if pod else None
    return _id_of(keeper) if keeper else None


def _id_of(deployment: K8sDeploymentProperties) -> str:
    return deployment.cluster or next(iter(deployment.nodes), "")


def _home(component: Component, world: World) -> str:
    service = service_of(component)
    found = (as_kind(world, name, K8sDeploymentProperties) for name in service.selects)
    return service.cluster or next((_id_of(each) for each in found if each), "")


class IngressBehaviour(FrontedByBalancer, HandsOn):
    """An Ingress is asked at the balancer that the AWS Load Balancer Controller has made for it."""

    def front(self, component: Component, world: World) -> Component | None:
        return world.components.get(balancer_of(component.id))

    def unmade(self, component: Component, world: World) -> str:
        cluster = component.properties.cluster if isinstance(component.properties, K8sIngressProperties) else ""
        return f"No AWS Load Balancer Controller runs in {cluster}, so nothing makes a balancer for {component.id}."


class NodesBehaviour(HasMembers, MovesAway):
    """A node group is the set of its nodes, which start again in the zones that are left."""

    def members(self, component: Component, walk: Walk) -> tuple[Endpoint, ...]:
        group = as_kind(walk.world, scaling_group(component.id, _nodes(component)), AutoScalingGroupProperties)
        return tuple(
            nic
            for name in (group.instances if group else ())
            if not walk.is_down(name)
            for nic in walk.interfaces(name)[:1]
            if not walk.condition.zone_down(nic.zone)
        )

    def moved(
        self, component: Component, world: World, condition: Condition, acts: Callable[[str], bool]
    ) -> tuple[Operation, ...]:
        nodes = _nodes(component)
        group = world.components.get(scaling_group(component.id, nodes))
        stands = group.kind.behaviour(StandsIn) if group else None
        if group is None or stands is None or not group.implicit:
            return ()
        left: list[Json] = [name for name in nodes.subnets if not condition.is_down(world, name)]
        broken = condition.zones or condition.down
        if not broken or not left or len(left) == len(nodes.subnets):
            return ()
        acting = stands.stands_in(group, world, condition, acts)
        return (Set(("components", component.id, "subnets"), left),) if acting else ()


def _nodes(component: Component) -> EksNodeGroupProperties:
    if not isinstance(component.properties, EksNodeGroupProperties):
        raise TypeError(f"{component.id} is no node group")
    return component.properties
