"""Site-to-site VPN: virtual private gateways, customer gateways, connections."""

from archtui.model.kinds import Kind
from archtui.services.vpn import describe
from archtui.services.vpn import properties as p
from archtui.services.vpn.network import VirtualPrivateGatewayNetwork, VpnConnectionNetwork

KINDS = (
    Kind(
        name="virtual_private_gateway",
        title="Virtual private gateway",
        slug="virtual_private_gateway",
        family="vpn",
        code="vg",
        glyph="⊟",
        summary="The VPC's side of VPN connections and Direct Connect.",
        properties=p.VirtualPrivateGatewayProperties,
        scope="vpc",
        aliases=("vgw", "vpn_gateway"),
        traces=("packet",),
        behaviours=(
            VirtualPrivateGatewayNetwork(),
            describe.DescribesVpnGateway(),
        ),
    ),
    Kind(
        name="customer_gateway",
        title="Customer gateway",
        slug="customer_gateway",
        family="vpn",
        code="cg",
        glyph="⊞",
        summary="The customer's side of a VPN connection.",
        properties=p.CustomerGatewayProperties,
        scope="on_prem",
        aliases=("cgw",),
        traces=("packet",),
        behaviours=(describe.DescribesCustomerGateway(),),
    ),
    Kind(
        name="vpn_connection",
        title="Site-to-Site VPN connection",
        slug="site_to_site_vpn",
        family="vpn",
        code="vc",
        glyph="⇹",
        summary="Two encrypted tunnels between AWS and the customer's network.",
        properties=p.VpnConnectionProperties,
        aliases=("vpn",),
        traces=("packet",),
        behaviours=(
            VpnConnectionNetwork(),
            describe.DescribesVpnConnection(),
        ),
    ),
)
