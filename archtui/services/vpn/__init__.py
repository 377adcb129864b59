"""Site-to-site VPN: virtual private gateways, customer gateways, connections."""

from archtui.layout.depict import Always, Depiction
from archtui.model.kinds import Kind
from archtui.services.connecting import Connections
from archtui.services.hardening import Hardening
from archtui.services.vpn import describe, expand, failure, layout
from archtui.services.vpn import properties as p
from archtui.services.vpn.network import (
    CustomerGatewayNetwork,
    VirtualPrivateGatewayNetwork,
    VpnConnectionNetwork,
)

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
            failure.VirtualPrivateGatewayFails(),
            describe.DescribesVpnGateway(),
            layout.DepictsVpnGateway(),
            Connections(__name__, "VPN_GATEWAY"),
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
        behaviours=(
            CustomerGatewayNetwork(),
            failure.CustomerGatewayFails(),
            describe.DescribesCustomerGateway(),
            Always(Depiction("outside")),
            Connections(__name__, "CUSTOMER_GATEWAY"),
        ),
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
            expand.ExpandsVpnConnection(),
            failure.VpnConnectionFails(),
            Hardening(__name__, "VpnConnectionHardens"),
            describe.DescribesVpnConnection(),
        ),
    ),
    Kind(
        name="vpn_tunnel",
        title="VPN tunnel",
        slug="ipsec",
        family="vpn",
        code="vu",
        glyph="⇢",
        summary="One of the two IPsec tunnels of a VPN connection.",
        properties=p.VpnTunnelProperties,
        aliases=("ipsec_tunnel",),
        traces=("packet",),
        behaviours=(
            failure.VpnTunnelFails(),
            Always(Depiction("setting")),
        ),
    ),
)
