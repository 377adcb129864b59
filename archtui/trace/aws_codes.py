"""The codes of AWS's Reachability Analyzer, each with its meaning in our own words.

Source: VPC Reachability Analyzer guide, "Explanation codes". ``group`` is the guide's table: ``path`` (the
path is not reachable), ``configuration``, ``filter`` (search filters), ``detail`` (said on success too).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Group = Literal["path", "configuration", "filter", "detail", "archtui"]


@dataclass(frozen=True, slots=True)
class Code:
    """A reason code."""

    id: str
    group: Group
    meaning: str
    """One sentence."""
    warns: bool = False
    """Said where the request passes but something is not as it should be."""


_PATH = {
    "BAD_STATE": "The component is not in a state in which it works.",
    "BAD_STATE_ATTACHMENT": "The attachment between two components does not work.",
    "BAD_STATE_ROUTE": "The route's target is gone (a blackhole); no other row is tried.",
    "BAD_STATE_VPN": "The VPN connection does not work.",
    "CANNOT_ROUTE": "The route's CIDR block or prefix list does not match the packet.",
    "ELB_ACL_RESTRICTION": "A Classic Load Balancer's network ACL applies even to targets in the same subnet.",
    "ELB_INSTALLED_AZ_RESTRICTION": "A load balancer sends only to targets in the zones enabled for it.",
    "ELB_LISTENER_PORT_RESTRICTION": "A Classic Load Balancer listener takes and sends on fixed ports only.",
    "ELB_LISTENERS_MISMATCH": "No listener of the Classic Load Balancer takes the traffic.",
    "ELB_NOT_CROSSZONE": "Cross-zone balancing is off, so this node cannot use targets in other zones.",
    "ELBV2_LISTENER_HAS_NO_TG": "The listener has no target group with targets.",
    "ELBV2_LISTENER_PORT_RESTRICTION": "The listener takes connections on its own port only.",
    "ELBV2_LISTENER_REQUIRES_TG_ACCEPT": "None of the listener's target groups takes the traffic.",
    "ELBV2_LISTENERS_MISMATCH": "No listener of the load balancer takes the traffic.",
    "ELBV2_NO_TARGETS_IN_AZ": "The load balancer has no targets in these zones.",
    "ELBV2_SOURCE_ADDRESS_PRESERVATION": "The balancer keeps the client's address, so the targets see the client.",
    "ENI_ADDRESS_RESTRICTION": "A network interface takes and sends only its own private addresses.",
    "ENI_SG_RULES_MISMATCH": "No rule of the security groups admits the packet in this direction.",
    "ENI_SOURCE_DEST_CHECK_RESTRICTION": "The source/destination check drops packets that are neither from nor for it.",
    "FIREWALL_RULES_RESTRICTION": "A rule of Network Firewall drops the packet.",
    "GATEWAY_REJECTS_SPOOFED_TRAFFIC": "A gateway drops packets whose source address belongs elsewhere.",
    "GWLB_DESTINATION_PORT_RESTRICTION": "A Gateway Load Balancer sends to its targets on port 6081 only.",
    "GWLB_PROTOCOL_RESTRICTION": "A Gateway Load Balancer speaks GENEVE over UDP with its targets only.",
    "HIGHER_PRIORITY_ROUTE": "Another route for the same block has priority.",
    "IGW_DESTINATION_ADDRESS_IN_VPC_CIDRS": "An internet gateway lets packets in for addresses of its VPC only.",
    "IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS": "An internet gateway drops packets to private addresses.",
    "IGW_DESTINATION_ADDRESS_NOT_IN_RFC6598_EGRESS": "An internet gateway drops packets to 100.64.0.0/10.",
    "IGW_NAT_REFLECTION": "AWS's analyzer does not follow a path through the middle of an internet gateway.",
    "IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS": "The destination is not the public address of any interface.",
    "IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS": "The source has no public address: an internet gateway drops the packet.",
    "IGW_SOURCE_ADDRESS_NOT_IN_RFC1918_INGRESS": "An internet gateway drops incoming packets from private addresses.",
    "IGW_SOURCE_ADDRESS_NOT_IN_RFC6598_INGRESS": "An internet gateway drops incoming packets from 100.64.0.0/10.",
    "INGRESS_RTB_NO_PUBLIC_IP": "A gateway route table sends the packet to an interface without a public address.",
    "INGRESS_RTB_TRAFFIC_REDIRECTION": "A gateway route table sends incoming packets another way.",
    "MORE_SPECIFIC_ROUTE": "A more specific route matches the packet.",
    "NGW_DEST_ADDRESS_PRESERVATION": "A NAT gateway keeps the destination address.",
    "NGW_REQUIRES_SOURCE_IN_VPC": "A NAT gateway serves interfaces of its own VPC only, no peers and no VPN.",
    "NGW_SOURCE_ADDRESS_REASSIGN": "A NAT gateway replaces the source address with its own.",
    "NO_POSSIBLE_DESTINATION": "There is nothing the packet could be delivered to.",
    "NO_ROUTE_TO_DESTINATION": "No row of the route table matches the destination.",
    "PCX_REQUIRES_ADDRESS_IN_VPC_CIDR": "A peering carries only traffic between the two VPCs' own blocks: no transit.",
    "PROTOCOL_RESTRICTION": "The component takes only certain protocols.",
    "REGIONAL_NGW_ROUTE_AZ_RESTRICTION": "The regional NAT gateway does not work in the source's zone.",
    "REMAP_EPHEMERAL_PORT": "A NAT gateway or balancer opens a connection of its own, from a port of 1024-65535.",
    "SG_HAS_NO_RULES": "The security group has no rules, so it admits nothing.",
    "SG_REFERENCES_NOT_PRESERVED": "The sender's security groups are lost on the way, so rules naming a group fail.",
    "SG_REFERENCING_SUPPORT": "The transit gateway attachment does not support security-group references.",
    "SUBNET_ACL_RESTRICTION": "The subnet's network ACL, which is stateless, does not allow the packet.",
    "TARGET_ADDRESS_RESTRICTION": "A load balancer sends to registered targets only.",
    "TARGET_PORT_RESTRICTION": "A load balancer sends to the port a target is registered with.",
    "TGW_ATTACH_MISSING_TGW_RTB_ASSOCIATION": "The attachment is not associated with a transit gateway route table.",
    "TGW_ATTACH_VPC_AZ_RESTRICTION": "The packet leaves the attachment in another zone than it has to.",
    "TGW_BAD_STATE_VPN": "The VPN of the transit gateway does not work.",
    "TGW_ROUTE_AZ_RESTRICTION": "The transit gateway attachment has no subnet in the source's zone.",
    "TGW_RTB_BAD_STATE_ROUTE": "The transit gateway route does not work.",
    "TGW_RTB_CANNOT_ROUTE": "The transit gateway route does not match the packet.",
    "TGW_RTB_HIGHER_PRIORITY_ROUTE": "Another transit gateway route for the same block has priority.",
    "TGW_RTB_MORE_SPECIFIC_ROUTE": "A more specific transit gateway route matches the packet.",
    "TGW_RTB_NO_ROUTE_TO_TGW_ATTACHMENT": "The associated transit gateway route table has no route to the attachment.",
    "TGW_RTB_ROUTES_ARE_UNKNOWN": "The routes of the transit gateway route table are not known.",
    "UNKNOWN_DESTINATION": "Too little is known about the destination.",
    "UNKNOWN_PEERED_SGS": "The peered VPC is not known, so rules naming its groups deny.",
    "UNKNOWN_RESOURCE": "The resource is not described.",
    "VGW_PRIVATE_IP_ASSOCIATION_FOR_EGRESS": "A virtual private gateway takes packets from interfaces of its VPC only.",
    "VGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS": "A virtual private gateway delivers inside its VPC only.",
    "VPC_BLOCK_PUBLIC_ACCESS_ENABLED": "VPC Block Public Access stops traffic with the internet.",
    "VPC_LOCAL_ROUTE_CIDR_RESTRICTION": "The local route serves addresses of the VPC's own blocks only.",
    "VPCE_GATEWAY_EGRESS_SOURCE_ADDRESS_RESTRICTION": "A gateway endpoint answers from its prefix list only.",
    "VPCE_GATEWAY_PROTOCOL_RESTRICTION": "A gateway endpoint carries TCP and ICMP echo only.",
    "VPCE_INTRA_VPC_TRAFFIC": "An endpoint does not open connections into its own VPC.",
    "VPCE_SERVICE_NOT_INSTALLED_IN_AZ": "The endpoint service does not work in this zone.",
}
_CONFIGURATION = {
    "DISCONNECTED_VPCS": "The two VPCs are not connected in any way.",
    "NO_PATH": "No path was found.",
    "NO_SOURCE_OR_DESTINATION": "The source or the destination does not exist.",
    "UNASSOCIATED_COMPONENT": "The component is not in a VPC or has no IPv4 address.",
    "UNSUPPORTED_COMPONENT": "The component is not supported.",
}
_FILTER = {
    "COMPONENT_FILTER_RESTRICTION": "No path leads through the component that was asked for.",
    "COMPONENT_FILTER_RESTRICTION_REMOVED_COMPONENT": "A filter removed the component that was asked for.",
    "FILTER_AT_DESTINATION_DESTINATION_ADDRESS": "At the destination the packet's destination address is another.",
    "FILTER_AT_DESTINATION_DESTINATION_PORT_RANGE": "At the destination the packet's destination port is another.",
    "FILTER_AT_DESTINATION_PROTOCOL": "At the destination the packet's protocol is another.",
    "FILTER_AT_DESTINATION_SOURCE_ADDRESS": "At the destination the packet's source address is another.",
    "FILTER_AT_DESTINATION_SOURCE_PORT_RANGE": "At the destination the packet's source port is another.",
    "FILTER_AT_SOURCE_DESTINATION_ADDRESS": "At the source the packet's destination address is another.",
    "FILTER_AT_SOURCE_DESTINATION_PORT_RANGE": "At the source the packet's destination port is another.",
    "FILTER_AT_SOURCE_PROTOCOL": "At the source the packet's protocol is another.",
    "FILTER_AT_SOURCE_SOURCE_ADDRESS": "At the source the packet's source address is another.",
    "FILTER_AT_SOURCE_SOURCE_PORT_RANGE": "At the source the packet's source port is another.",
    "IGW_EXPECTS_PUBLIC_ADDRESS": "A path that begins or ends at an internet gateway needs public addresses.",
}
_DETAIL = {
    "ASSUMPTION_PRESERVE_CLIENT_IP_IS_DISABLED": "It is assumed that the client's address is not kept.",
    "ASSUMPTION_PRESERVE_CLIENT_IP_IS_ENABLED": "It is assumed that the client's address is kept.",
    "AVAILABILITY_ZONE_CROSSED": "The path goes from one availability zone to another.",
    "FIREWALL_UNSUPPORTED_HIGHER_PRIORITY_RULE_GROUP_TYPE": "A rule group of a type not understood was passed over.",
    "FIREWALL_UNSUPPORTED_HIGHER_PRIORITY_RULES": "Rules with options not understood were passed over.",
    "FIREWALL_UNSUPPORTED_RULE_OPTIONS": "The rule that matched has options not understood.",
    "MISSING_TARGET_GROUP_ATTRIBUTES": "The attributes of the target group are not known.",
    "PATH_THROUGH_GWLB_NOT_CHECKED": "What happens behind the Gateway Load Balancer was not followed.",
    "RESPONSE_RTB_HAS_NO_ROUTE_TO_TRANSIT_GATEWAY": "The reply has no route to the transit gateway.",
    "TRANSIT_GATEWAY_APPLIANCE_MODE_RECOMMENDED": "Inspection without appliance mode may see one direction only.",
    "UNIDIRECTIONAL_PATH_ANALYSIS_ONLY": "Only the way there was analysed.",
}

_GROUPS: tuple[tuple[Group, dict[str, str]], ...] = (
    ("path", _PATH),
    ("configuration", _CONFIGURATION),
    ("filter", _FILTER),
    ("detail", _DETAIL),
)
_WARNS = {"AVAILABILITY_ZONE_CROSSED"}
AWS_CODES: tuple[Code, ...] = tuple(
    Code(code, group, meaning, code in _WARNS) for group, meanings in _GROUPS for code, meaning in meanings.items()
)
