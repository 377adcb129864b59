"""Those outside AWS: the internet and named clients."""

from archtui.layout.depict import Always, Depiction
from archtui.model.kinds import Kind
from archtui.services.actors import expand, trace
from archtui.services.actors.network import ClientNetwork
from archtui.services.actors.properties import ClientProperties, DnsResolverProperties, InternetProperties
from archtui.services.connecting import Connections

KINDS = (
    Kind(
        name="internet",
        title="Internet",
        slug="internet",
        family="actors",
        code="in",
        glyph="☁",
        summary="Everything outside AWS and the customer's networks.",
        properties=InternetProperties,
        scope="global",
        traces=("packet", "request"),
        behaviours=(
            trace.Outsider(),
            expand.StartsInternet(),
            Connections(__name__, "OUTSIDE"),
        ),
    ),
    Kind(
        name="dns_resolver",
        title="DNS resolver",
        slug="dns_resolver",
        family="actors",
        code="dr",
        glyph="⌕",
        summary="Asks name servers for clients outside AWS and keeps the answers until their TTL is over.",
        properties=DnsResolverProperties,
        scope="global",
        aliases=("recursive_resolver", "isp_resolver"),
        traces=("dns",),
        behaviours=(
            trace.ClientsResolver(),
            Always(Depiction("outside", style="dns")),
        ),
    ),
    Kind(
        name="client",
        title="Client",
        slug="client",
        family="actors",
        code="cl",
        glyph="☺",
        summary="A person or program outside AWS that resolves names and sends requests.",
        properties=ClientProperties,
        scope="global",
        aliases=("user", "viewer", "browser"),
        traces=("dns", "packet", "request"),
        behaviours=(
            trace.Outsider(),
            ClientNetwork(),
            Connections(__name__, "OUTSIDE"),
        ),
    ),
)
