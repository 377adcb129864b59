"""What the customer runs outside AWS: sites and the machines in them."""

from archtui.layout.depict import Always, Depiction
from archtui.model.kinds import Kind
from archtui.services.connecting import Connections
from archtui.services.on_prem import failure, names, placing, trace
from archtui.services.on_prem import network as n
from archtui.services.on_prem import properties as p

KINDS = (
    Kind(
        name="on_prem_site",
        title="On-premises site",
        slug="on_prem_site",
        family="on_prem",
        code="op",
        glyph="⌂",
        summary="The customer's own building and network, joined to AWS by VPN or Direct Connect.",
        properties=p.OnPremSiteProperties,
        scope="on_prem",
        aliases=("on_premises", "corporate_network", "data_center"),
        traces=("packet", "request"),
        behaviours=(
            placing.SiteSuggestions(),
            n.OnPremSiteNetwork(),
            names.SiteNames(),
            failure.OnPremFails(),
            trace.FromSite(),
            Always(Depiction("outside")),
            Connections(__name__, "SITE"),
        ),
    ),
    Kind(
        name="on_prem_host",
        title="On-premises host",
        slug="on_prem_host",
        family="on_prem",
        code="oh",
        glyph="▯",
        summary="A machine in the customer's own network.",
        properties=p.OnPremHostProperties,
        scope="on_prem",
        aliases=("on_prem_server",),
        traces=("packet", "request"),
        behaviours=(
            placing.HostSuggestions(),
            n.OnPremHostNetwork(),
            failure.OnPremFails(),
            trace.FromSite(),
            Always(Depiction("outside")),
        ),
    ),
)
