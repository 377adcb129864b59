"""The reason codes of the packet engine: which of AWS's it raises, and our own with their meaning."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

OWN_CODES: Final[Mapping[str, str]] = {
    "REPLY_FROM_OTHER_ADDRESS": (
        "The reply would leave by another way and with another address than the client asked, so it is dropped."
    ),
    "NGW_UNSOLICITED_INBOUND": "A NAT gateway passes replies alone: nobody can open a connection to it.",
    "EIGW_UNSOLICITED_INBOUND": (
        "An egress-only internet gateway passes replies alone: nobody outside can open a connection through it."
    ),
    "NO_COMMON_ADDRESS_FAMILY": "One end has IPv4 addresses alone and the other IPv6 addresses alone.",
    "VPCE_POLICY_DENIES": "The policy of the gateway endpoint allows no request, so the service refuses every one.",
    "ELB_NO_INSTANCE_IN_SERVICE": "No instance of a Classic Load Balancer is in service, so it answers nothing.",
    "MAX_HOPS_EXCEEDED": "The packet goes round in a circle of routes (64 hops).",
    "CYCLIC_PATH_DETECTED": "The packet goes round in a circle of transit gateways.",
    "ON_PREM_FIREWALL_RESTRICTION": "The firewall at the edge of the customer's site does not let the packet pass.",
    "FIREWALL_ASYMMETRIC_ROUTING": (
        "The reply comes to a stateful firewall that did not see the connection open, which drops it."
    ),
    "EPHEMERAL_PORTS_PARTLY_OPEN": (
        "A network ACL admits only a part of the ports from which the other side may have chosen its own."
    ),
}
"""Codes in AWS's style where AWS has none; MAX_HOPS_EXCEEDED and CYCLIC_PATH_DETECTED are Route Analyzer's."""

RAISED: Final = (
    "ASSUMPTION_PRESERVE_CLIENT_IP_IS_DISABLED",
    "ASSUMPTION_PRESERVE_CLIENT_IP_IS_ENABLED",
    "BAD_STATE",
    "BAD_STATE_ATTACHMENT",
    "BAD_STATE_ROUTE",
    "BAD_STATE_VPN",
    "CANNOT_ROUTE",
    "ELBV2_LISTENERS_MISMATCH",
    "ELBV2_LISTENER_HAS_NO_TG",
    "ELBV2_LISTENER_PORT_RESTRICTION",
    "ELBV2_LISTENER_REQUIRES_TG_ACCEPT",
    "ELBV2_NO_TARGETS_IN_AZ",
    "ELBV2_SOURCE_ADDRESS_PRESERVATION",
    "ELB_ACL_RESTRICTION",
    "ELB_INSTALLED_AZ_RESTRICTION",
    "ELB_LISTENERS_MISMATCH",
    "ELB_LISTENER_PORT_RESTRICTION",
    "ELB_NOT_CROSSZONE",
    "ENI_SG_RULES_MISMATCH",
    "ENI_SOURCE_DEST_CHECK_RESTRICTION",
    "FIREWALL_RULES_RESTRICTION",
    "GATEWAY_REJECTS_SPOOFED_TRAFFIC",
    "GWLB_DESTINATION_PORT_RESTRICTION",
    "GWLB_PROTOCOL_RESTRICTION",
    "HIGHER_PRIORITY_ROUTE",
    "IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS",
    "IGW_DESTINATION_ADDRESS_NOT_IN_RFC6598_EGRESS",
    "IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS",
    "IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS",
    "IGW_SOURCE_ADDRESS_NOT_IN_RFC1918_INGRESS",
    "IGW_SOURCE_ADDRESS_NOT_IN_RFC6598_INGRESS",
    "INGRESS_RTB_NO_PUBLIC_IP",
    "INGRESS_RTB_TRAFFIC_REDIRECTION",
    "MISSING_TARGET_GROUP_ATTRIBUTES",
    "MORE_SPECIFIC_ROUTE",
    "NGW_DEST_ADDRESS_PRESERVATION",
    "NGW_REQUIRES_SOURCE_IN_VPC",
    "NGW_SOURCE_ADDRESS_REASSIGN",
    "NO_POSSIBLE_DESTINATION",
    "NO_ROUTE_TO_DESTINATION",
    "PATH_THROUGH_GWLB_NOT_CHECKED",
    "PCX_REQUIRES_ADDRESS_IN_VPC_CIDR",
    "PROTOCOL_RESTRICTION",
    "REGIONAL_NGW_ROUTE_AZ_RESTRICTION",
    "REMAP_EPHEMERAL_PORT",
    "SG_HAS_NO_RULES",
    "SG_REFERENCES_NOT_PRESERVED",
    "SG_REFERENCING_SUPPORT",
    "SUBNET_ACL_RESTRICTION",
    "TARGET_ADDRESS_RESTRICTION",
    "TARGET_PORT_RESTRICTION",
    "TGW_ATTACH_MISSING_TGW_RTB_ASSOCIATION",
    "TGW_ATTACH_VPC_AZ_RESTRICTION",
    "TGW_BAD_STATE_VPN",
    "TGW_ROUTE_AZ_RESTRICTION",
    "TGW_RTB_BAD_STATE_ROUTE",
    "TGW_RTB_CANNOT_ROUTE",
    "TGW_RTB_HIGHER_PRIORITY_ROUTE",
    "TGW_RTB_MORE_SPECIFIC_ROUTE",
    "TGW_RTB_NO_ROUTE_TO_TGW_ATTACHMENT",
    "TGW_RTB_ROUTES_ARE_UNKNOWN",
    "TRANSIT_GATEWAY_APPLIANCE_MODE_RECOMMENDED",
    "UNASSOCIATED_COMPONENT",
    "UNKNOWN_DESTINATION",
    "UNKNOWN_PEERED_SGS",
    "UNKNOWN_RESOURCE",
    "VGW_PRIVATE_IP_ASSOCIATION_FOR_EGRESS",
    "VGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS",
    "VPCE_GATEWAY_EGRESS_SOURCE_ADDRESS_RESTRICTION",
    "VPCE_GATEWAY_PROTOCOL_RESTRICTION",
    "VPCE_INTRA_VPC_TRAFFIC",
    "VPCE_SERVICE_NOT_INSTALLED_IN_AZ",
    "VPC_BLOCK_PUBLIC_ACCESS_ENABLED",
    "VPC_LOCAL_ROUTE_CIDR_RESTRICTION",
)
"""AWS's codes (VPC Reachability Analyzer guide, 'Explanation codes') that the engine raises."""
