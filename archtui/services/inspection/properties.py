"""Properties of what inspects traffic: Gateway Load Balancers, their endpoints, AWS Network Firewall."""

from __future__ import annotations

from typing import Annotated, Literal

from archtui.model.fields import Properties, Reference
from archtui.services.firewall_rules import FirewallRule
from archtui.services.references import SubnetIn, TargetGroupTarget, VpcIn

RuleGroupRef = Annotated[str, Reference(("firewall_rule_group",), "uses")]
InspectorRef = Annotated[str, Reference(("gateway_load_balancer", "network_firewall"), "uses")]


class GatewayLoadBalancerProperties(Properties):
    """Sends every packet, whatever its protocol, to appliances and takes it back."""

    subnets: tuple[SubnetIn, ...] = ()
    """One subnet for each zone it works in."""
    target_groups: tuple[TargetGroupTarget, ...] = ()
    """The appliances; a group with protocol GENEVE and port 6081."""
    cross_zone: bool = False
    """Whether a node sends to appliances of all zones."""
    target_failover: Literal["no_rebalance", "rebalance"] = "no_rebalance"
    """What becomes of the flows of an appliance that fails: they keep it until they time out, or move."""
    deletion_protection: bool = False
    """Whether it is guarded against deletion."""
    state: Literal["active", "provisioning", "active_impaired", "failed"] = "active"
    """Its state."""


class GwlbEndpointProperties(Properties):
    """A route target in one subnet that leads to inspection and back."""

    vpc: VpcIn
    """The VPC it serves."""
    subnet: SubnetIn
    """Its subnet, whose route table says where inspected packets go."""
    service: InspectorRef | None = None
    """The Gateway Load Balancer or firewall behind it (of this VPC or another, through its endpoint service)."""
    service_name: str = ""
    """The endpoint service's name where the design does not hold what is behind it."""
    state: Literal[
        "available", "pendingAcceptance", "pending", "deleting", "deleted", "rejected", "failed", "expired", "partial"
    ] = "available"
    """Its state; only ``available`` forwards."""


class NetworkFirewallProperties(Properties):
    """AWS Network Firewall: an endpoint in each of its subnets, one policy for all of them."""

    vpc: VpcIn
    """The VPC whose traffic it inspects."""
    subnets: tuple[SubnetIn, ...] = ()
    """The subnets with an endpoint, one for each zone; they hold nothing else. A route may name the firewall
    itself: its endpoint in the zone of the packet is meant."""
    rule_groups: tuple[RuleGroupRef, ...] = ()
    """Its rule groups in the order of their priority, stateless and stateful."""
    stateless_default: Literal["pass", "drop", "forward"] = "forward"
    """What becomes of packets that no stateless rule matches."""
    rule_order: Literal["action", "strict"] = "action"
    """How stateful rules are ordered: by action (pass, then drop), or as they stand."""
    stateful_default: Literal["pass", "drop_strict", "drop_established"] = "pass"
    """With strict order, what becomes of connections that no stateful rule matches."""
    stream_exception: Literal["drop", "reject", "continue"] = "drop"
    """What becomes of a TCP connection whose start the endpoint did not see."""
    delete_protection: bool = False
    """Whether it is guarded against deletion."""
    subnet_change_protection: bool = False
    """Whether its subnets are guarded against changes."""
    logging: bool = False
    """Whether flows or alerts are logged."""
    state: Literal["ready", "provisioning", "deleting"] = "ready"
    """Its state."""


class FirewallRuleGroupProperties(Properties):
    """Rules of a firewall policy."""

    type: Literal["stateless", "stateful"] = "stateful"
    """Whether each packet is decided by itself, or each connection."""
    rules: tuple[FirewallRule, ...] = ()
    """Its rules."""
    domains: tuple[str, ...] = ()
    """Domain names it looks for in HTTP and TLS (stateful)."""
    domain_action: Literal["allow", "deny"] = "allow"
    """Whether only these domains are allowed, or all but these."""
    suricata: str = ""
    """Rules as a Suricata text; they are kept and not decided."""
    capacity: int | None = None
    """The capacity it was made with."""


__all__ = [
    "FirewallRuleGroupProperties",
    "GatewayLoadBalancerProperties",
    "GwlbEndpointProperties",
    "NetworkFirewallProperties",
]
