"""Which certificate a balancer's listener shows, and whether the client takes it."""

from __future__ import annotations

from collections.abc import Sequence

from archtui.model.component import Component
from archtui.services.acm.properties import CertificateProperties
from archtui.services.elb.matching import covers
from archtui.trace import codes
from archtui.trace.interface import Walk
from archtui.trace.message import Http
from archtui.world.steps import Action, RuleRef, Step


def unknown_certificates(ids: Sequence[str], walk: Walk) -> tuple[str, ...]:
    """Return what is not known of certificates, one text for each that is not modelled."""
    return tuple(
        f"the names and the state of the certificate {name}: it is not modelled"
        for name in ids
        if walk.world.components[name].kind.stands_in
    )


def certificate_step(balancer: Component, ids: Sequence[str], text: str, index: int, http: Http, walk: Walk) -> Step:
    """Say which of the certificates ``ids`` listener number ``index`` (``text``) shows, and whether the client
    takes it."""
    if not ids:
        why = f"Listener {text} of {balancer.id} speaks TLS but has no certificate."
        rule = RuleRef(balancer.id, f"listener {text}", ("listeners", index, "certificate"))
        return Step("tls", Action.DENY, codes.TLS_NO_CERTIFICATE, why, rule, facts=("alb-cert-01",))
    known: list[tuple[Component, CertificateProperties]] = []
    for name in ids:
        component = walk.world.components[name]
        if isinstance(component.properties, CertificateProperties):
            known.append((component, component.properties))
    fits = [pair for pair in known if covers((pair[1].domain, *pair[1].alternative_names), http.host)]
    unknown = unknown_certificates(ids, walk)
    if unknown and not fits:
        why = f"Not decided: {'; '.join(unknown)}."
        rule = RuleRef(balancer.id, f"listener {text}", ("listeners", index, "certificate"))
        return Step("tls", Action.UNKNOWN, "", why, rule)
    chosen, shown = (fits or known)[0]
    names = ", ".join((shown.domain, *shown.alternative_names))
    lost = tuple(
        RuleRef(
            component.id,
            properties.domain,
            ("domain",),
            f"does not cover {http.host}" if (component, properties) not in fits else "another one was found first",
        )
        for component, properties in known
        if component is not chosen
    )
    rule = RuleRef(chosen.id, f"certificate for {names}", ("domain",))
    region = walk.world.placement(balancer.id).region
    if http.host and not fits:
        why = f"No certificate of listener {text} covers {http.host}; {chosen.id} is for {names}."
        return Step("tls", Action.DENY, codes.TLS_NAME_MISMATCH, why, rule, lost)
    if shown.state != "issued" or walk.is_down(chosen.id):
        state = shown.state.replace("_", " ") if shown.state != "issued" else "not valid"
        return Step(
            "tls", Action.DENY, codes.TLS_CERTIFICATE_INVALID, f"The certificate {chosen.id} is {state}.", rule, lost
        )
    if shown.region and shown.region != region:
        why = f"The certificate {chosen.id} is in {shown.region}, and {balancer.id} in {region} cannot use it."
        return Step("tls", Action.DENY, codes.TLS_CERTIFICATE_INVALID, why, rule, lost, facts=("acm-region-01",))
    why = (
        f"{chosen.id} covers {http.host}: the client's TLS connection ends here."
        if http.host
        else f"{chosen.id} is shown; no host name was asked, so none is compared."
    )
    return Step("tls", Action.ACCEPT, "", why, rule, lost, facts=("alb-tls-01",))
