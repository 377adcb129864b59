"""Mutual TLS: the certificate that a client shows to a listener.

Source: ALB guide, 'Mutual authentication with TLS in Application Load Balancer': in verify mode the balancer checks
the client's certificate against the trust store and ends the TLS handshake where it does not hold.
"""

from __future__ import annotations

from archtui.model.component import Component
from archtui.services.elb.properties import Listener
from archtui.trace import codes
from archtui.trace.interface import Originates, Walk
from archtui.trace.message import Endpoint
from archtui.trace.naming import Origin
from archtui.world.steps import Action, RuleRef, Step


def client_of(sender: Endpoint, walk: Walk) -> Origin | None:
    """Return what the design says of a sender outside AWS; None: it is none."""
    component = walk.world.components.get(sender.component)
    outside = component.kind.behaviour(Originates) if component else None
    return outside.origin(component) if component and outside else None


def client_step(balancer: Component, listener: Listener, index: int, sender: Endpoint, walk: Walk) -> Step | None:
    """Return what the listener makes of the client's certificate; None: it asks for none."""
    asked = listener.mutual_tls
    if asked is None:
        return None
    rule = RuleRef(balancer.id, f"mutual TLS, {asked.mode}", ("listeners", index, "mutual_tls"))
    if asked.mode == "passthrough":
        text = f"{balancer.id} passes on the certificate of {sender.component}, if it shows one, without checking it."
        return Step("tls", Action.ACCEPT, "", text, rule)
    client = client_of(sender, walk)
    if client is None or not client.known:
        text = f"Not decided: which certificate {sender.component} shows."
        return Step("tls", Action.UNKNOWN, codes.TLS_CLIENT_CERTIFICATE, text, rule)
    if client.certificate is None:
        text = f"{sender.component} shows no certificate, which {balancer.id} asks for: the TLS handshake fails."
        return Step("tls", Action.DENY, codes.TLS_CLIENT_CERTIFICATE, text, rule)
    authority, state = client.certificate
    if authority not in asked.trust:
        known = ", ".join(asked.trust) or "nobody"
        text = f"The certificate of {sender.component} is from {authority}; the trust store knows {known}."
        return Step("tls", Action.DENY, codes.TLS_CLIENT_CERTIFICATE, text, rule)
    if state == "revoked" or (state == "expired" and not asked.ignore_expired):
        text = f"The certificate of {sender.component} is {state}: the TLS handshake fails."
        return Step("tls", Action.DENY, codes.TLS_CLIENT_CERTIFICATE, text, rule)
    return Step("tls", Action.ACCEPT, "", f"The certificate of {sender.component} holds ({authority}).", rule)


def client_headers(listener: Listener, sender: Endpoint, walk: Walk) -> dict[str, str]:
    """Return the headers by which targets get to know the client's certificate (ALB guide, 'HTTP headers and mutual
    TLS')."""
    client = client_of(sender, walk)
    shown = client.certificate if client else None
    if listener.mutual_tls is None or shown is None:
        return {}
    if listener.mutual_tls.mode == "passthrough":
        return {"X-Amzn-Mtls-Clientcert": f"{{certificate of {sender.component} by {shown[0]}}}"}
    return {"X-Amzn-Mtls-Clientcert-Issuer": f"CN={shown[0]}"}
