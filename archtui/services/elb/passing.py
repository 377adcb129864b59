"""What a Network Load Balancer makes of the connections it passes on, and whom of its targets it finds healthy."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Literal

from archtui.model.component import Component
from archtui.services.elb.certificates import certificate_step, unknown_certificates
from archtui.services.elb.lookups import listener_protocol
from archtui.services.elb.members import members
from archtui.services.elb.names import common_properties, groups_of
from archtui.services.elb.properties import Listener, TargetGroupProperties
from archtui.services.elb.targets import member_health
from archtui.trace import codes
from archtui.trace.interface import Deadline, Found, PassesOn, Passing, Walk, hop
from archtui.trace.message import Endpoint, Http, Message
from archtui.world.steps import Action, RuleRef, Step

_OFFERED = {
    "HTTP1Only": ("1.1",),
    "HTTP2Only": ("2",),
    "HTTP2Optional": ("1.1", "2"),
    "HTTP2Preferred": ("2", "1.1"),
}
"""The versions of HTTP that an ALPN policy offers, the preferred one first (NLB guide, 'ALPN policies')."""
TLS_IDLE, UDP_IDLE = 350.0, 120.0
"""Seconds after which idle TLS connections and UDP flows are forgotten (NLB guide, 'Connection idle timeout')."""


class PassesConnections(PassesOn):
    """A TLS listener ends the client's TLS; TCP and UDP go through as they are."""

    def passed(self, component: Component, message: Message, walk: Walk) -> Passing:
        properties = common_properties(component)
        index = next((i for i, each in enumerate(properties.listeners) if each.port == message.port), None)
        if index is None or message.purpose == "health_check":
            return Passing(message)
        listener = properties.listeners[index]
        protocol = listener_protocol(properties, listener)
        groups = [walk.world.components[share.target_group] for share in listener.forward]
        known = [group.properties for group in groups if isinstance(group.properties, TargetGroupProperties)]
        steps = list(_held(component, known, index))
        limit = (component, _idle(component, listener, protocol, index))
        if protocol != "TLS":
            hops = (hop(component, *steps),) if steps else ()
            return Passing(message, hops, deadlines=(limit,))
        inside = any(each.protocol == "TLS" for each in known)
        found = _ended_tls(component, listener, index, message, inside, walk)
        return replace(found, hops=(hop(component, *steps, *found.hops[0].steps),), deadlines=(limit,))

    def finds(self, component: Component, target: Endpoint, port: int, walk: Walk) -> Found | None:
        nodes = walk.interfaces(component.id)
        node = next((each for each in nodes if each.zone == target.zone), nodes[0] if nodes else None)
        for name in groups_of(component) if node else ():
            group = walk.world.components[name]
            if node is None or group.kind.stands_in:
                continue
            seen = walk.perceived(f"alb.target:{name}")
            for member in members(group, node, seen):
                if (member.endpoint.component, member.endpoint.address, member.port) == (
                    target.component,
                    target.address,
                    port,
                ):
                    return Found(group, member.label, member_health(group, member, node, component.id, seen))
        return None


def _held(component: Component, groups: list[TargetGroupProperties], index: int) -> Iterator[Step]:
    """Say where clients are held at their targets (NLB guide, 'Sticky sessions')."""
    if any(group.stickiness and group.stickiness_type in (None, "source_ip") for group in groups):
        text = f"{component.id} holds each client at one target by its address; the shares are those of all clients."
        yield Step("target", Action.CHOOSE, "", text, RuleRef(component.id, "source_ip", ("listeners", index)))


def _idle(component: Component, listener: Listener, protocol: str, index: int) -> Deadline:
    """Return how long a connection is kept while nothing comes; what comes after it is answered by a reset."""
    seconds = {"TCP": listener.idle_timeout, "TLS": TLS_IDLE}.get(protocol, UDP_IDLE)
    then = "resets the connection" if protocol in ("TCP", "TLS") else "has forgotten the flow"
    text = f"{component.id} keeps a silent connection for {seconds:g} s (idle timeout) and then {then}."
    rule = RuleRef(component.id, f"idle timeout {seconds:g} s", ("listeners", index, "idle_timeout"))
    return Deadline(seconds, None, Step("listener", Action.DENY, codes.NLB_IDLE_TIMEOUT, text, rule))


def _ended_tls(
    component: Component, listener: Listener, index: int, message: Message, inside: bool, walk: Walk
) -> Passing:
    """End the client's TLS and pass on plain text, or TLS of the balancer's own to a group that speaks it."""
    text = f"TLS:{listener.port}"
    rule = RuleRef(component.id, f"listener {text}", ("listeners", index))
    http = message.http
    if http is not None and http.scheme != "https":
        why = f"The client speaks plain HTTP on port {listener.port}, where {component.id} speaks TLS."
        step = Step("tls", Action.DENY, codes.ELBV2_PROTOCOL_MISMATCH, why, rule)
        return Passing(message, (hop(component, step),), stops=True)
    ids = tuple(name for name in (listener.certificate, *listener.certificates) if name)
    steps: list[Step] = [certificate_step(component, ids, text, index, http or Http(scheme="https"), walk)]
    missing = unknown_certificates(ids, walk) if steps[0].action is Action.UNKNOWN else ()
    if http is None:
        return Passing(message, (hop(component, *steps),), steps[0].action is Action.DENY, missing)
    spoken, agreed = _negotiated(component, listener, index, http)
    if agreed is not None:
        steps.append(agreed)
    scheme: Literal["http", "https"] = "https" if inside else "http"
    after = replace(message, http=replace(http, scheme=scheme, version=spoken))
    then = "opens TLS of its own to the target" if inside else "passes plain text on to the target"
    ended = f"{component.id} ends the client's TLS and {then}."
    before = message.to_json()
    steps.append(Step("tls", Action.TRANSLATE, "", ended, rule, before=before, after=after.to_json()))
    stops = any(each.action is Action.DENY for each in steps)
    return Passing(after, (hop(component, *steps),), stops, missing)


def _negotiated(
    component: Component, listener: Listener, index: int, http: Http
) -> tuple[Literal["", "1.0", "1.1", "2"], Step | None]:
    """Return the version of HTTP that the listener's ALPN policy and the client agree on (RFC 7301)."""
    if listener.alpn == "None":
        return http.version, None
    offered = _OFFERED[listener.alpn]
    rule = RuleRef(component.id, f"ALPN {listener.alpn}", ("listeners", index, "alpn"))
    if http.version and http.version not in offered:
        text = (
            f"The client speaks HTTP/{http.version} alone and {component.id} offers HTTP/{', '.join(offered)} by ALPN."
        )
        return http.version, Step("tls", Action.DENY, codes.NLB_ALPN_MISMATCH, text, rule)
    chosen: Literal["1.1", "2"] = "2" if (http.version or offered[0]) == "2" else "1.1"
    return chosen, Step("tls", Action.CHOOSE, "", f"By ALPN ({listener.alpn}) HTTP/{chosen} is agreed on.", rule)


__all__ = ["PassesConnections"]
