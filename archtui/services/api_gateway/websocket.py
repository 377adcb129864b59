"""What happens on a connection of a WebSocket API beside its routes' work."""

from __future__ import annotations

from archtui.services.api_gateway.authorizers import signed
from archtui.services.api_gateway.matching import CONNECT, CONNECTIONS, DISCONNECT, event_of
from archtui.services.api_gateway.properties import ApiGatewayProperties
from archtui.services.events import accepted, refused
from archtui.trace import codes
from archtui.trace.interface import Arrival, Reception, Walk, hop
from archtui.trace.message import Http
from archtui.world.steps import Action, RuleRef, Step

IDLE, LONGEST = 600.0, 7200.0
"""Seconds without a message, and seconds in all, after which API Gateway closes a connection (API Gateway quotas,
"Idle Connection Timeout" and "Connection duration for WebSocket API")."""
SWITCHING = 101
"""The status of an accepted handshake (RFC 6455, section 4.2.2)."""


def on_connection(arrival: Arrival, properties: ApiGatewayProperties, http: Http, walk: Walk) -> Reception | None:
    """Return what the gateway does by itself; None: a route decides."""
    component = arrival.component
    if http.path.lstrip("/").startswith(CONNECTIONS):
        return _to_client(arrival, http, walk)
    event = event_of(http, properties)
    routed = {route.path for route in properties.routes}
    if event == CONNECT and CONNECT not in routed:
        text = f"{component.id} has no {CONNECT} route: it opens the connection without asking anybody."
        return Reception((hop(component, accepted(component, text, "routes")),), status=SWITCHING)
    if event == DISCONNECT and DISCONNECT not in routed:
        text = f"{component.id} has no {DISCONNECT} route: it closes the connection and tells nobody."
        return Reception((hop(component, accepted(component, text, "routes")),), status=200)
    silence = properties.sessions.silence if properties.sessions else None
    if event not in (CONNECT, DISCONNECT) and silence is not None and silence > IDLE:
        text = f"After {silence:g} s of silence the connection is gone: {component.id} closes it after {IDLE:g} s."
        step = refused(component, codes.APIGW_CONNECTION_IDLE, text, "sessions", "silence")
        return Reception((hop(component, step),))
    return None


def opened(arrival: Arrival, properties: ApiGatewayProperties) -> tuple[Step, ...]:
    """Return what is to be said of a new connection: that it ends before it should."""
    length = properties.sessions.length if properties.sessions else None
    if length is None or length <= LONGEST:
        return ()
    component = arrival.component
    text = f"{component.id} closes the connection after {LONGEST:g} s, although it is to last {length:g} s."
    rule = RuleRef(component.id, "sessions", ("sessions", "length"))
    return (Step("application", Action.FORWARD, codes.APIGW_CONNECTION_ENDS, text, rule),)


def _to_client(arrival: Arrival, http: Http, walk: Walk) -> Reception:
    """Hand a message of the backend to a client (``execute-api:ManageConnections``, always signed)."""
    component = arrival.component
    if not signed(arrival, http, walk):
        text = f"{component.id} takes messages for its clients with IAM credentials alone (HTTP 403)."
        return Reception((hop(component, refused(component, codes.APIGW_UNAUTHORIZED, text)),), status=403)
    text = f"{component.id} hands the message to the client over its open connection."
    return Reception((hop(component, accepted(component, text)),), status=200)
