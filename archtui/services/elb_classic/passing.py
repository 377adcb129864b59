"""What TCP and SSL listeners of a Classic Load Balancer make of the connections they pass on.

Sources: Classic Load Balancer guide, 'Listeners for your Classic Load Balancer', 'Configure health checks', 'Configure
the idle connection timeout'.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from archtui.model.component import Component
from archtui.services.elb.certificates import certificate_step, unknown_certificates
from archtui.services.elb_classic.health import NO_INSTANCE, instances, properties_of
from archtui.trace import codes
from archtui.trace.interface import Deadline, Found, PassesOn, Passing, Walk, hop
from archtui.trace.message import Endpoint, Http, Message
from archtui.world.steps import Action, RuleRef, Step


class ClassicPasses(PassesOn):
    """An SSL listener ends the client's TLS; without an instance in service a connection is closed."""

    def passed(self, component: Component, message: Message, walk: Walk) -> Passing:
        properties = properties_of(component)
        index = next((i for i, each in enumerate(properties.listeners) if each.port == message.port), None)
        if index is None or message.purpose == "health_check":
            return Passing(message)
        listener = properties.listeners[index]
        limit = (component, idle(component))
        if listener.protocol != "SSL":
            return Passing(message, deadlines=(limit,))
        text = f"SSL:{listener.port}"
        rule = RuleRef(component.id, f"listener {text}", ("listeners", index))
        http = message.http
        if http is not None and http.scheme != "https":
            why = f"The client speaks plain HTTP on port {listener.port}, where {component.id} speaks SSL."
            step = Step("tls", Action.DENY, codes.ELBV2_PROTOCOL_MISMATCH, why, rule)
            return Passing(message, (hop(component, step),), stops=True)
        ids = (listener.certificate,) if listener.certificate else ()
        shown = certificate_step(component, ids, text, index, http or Http(scheme="https"), walk)
        missing = unknown_certificates(ids, walk) if shown.action is Action.UNKNOWN else ()
        stops = shown.action is Action.DENY
        if http is None:
            return Passing(message, (hop(component, shown),), stops, missing, (limit,))
        scheme: Literal["http", "https"] = "https" if listener.instance_protocol == "SSL" else "http"
        after = replace(message, http=replace(http, scheme=scheme))
        then = "opens TLS of its own to the instance" if scheme == "https" else "passes plain text on"
        ended = f"{component.id} ends the client's TLS and {then}."
        step = Step("tls", Action.TRANSLATE, "", ended, rule, before=message.to_json(), after=after.to_json())
        return Passing(after, (hop(component, shown, step),), stops, missing, (limit,))

    def finds(self, component: Component, target: Endpoint, port: int, walk: Walk) -> Found | None:
        nodes = walk.interfaces(component.id)
        node = next((each for each in nodes if each.zone == target.zone), nodes[0] if nodes else None)
        for item in instances(component, node, walk) if node else ():
            if item.endpoint.interface == target.interface:
                return Found(component, f"{item.endpoint}:{port}", item.health, NO_INSTANCE)
        return None


def idle(component: Component) -> Deadline:
    """Return how long the balancer keeps a connection while nothing comes."""
    seconds = properties_of(component).idle_timeout
    text = f"{component.id} waits {seconds:g} s (idle timeout) and then closes the connection."
    rule = RuleRef(component.id, f"idle timeout {seconds:g} s", ("idle_timeout",))
    return Deadline(seconds, None, Step("listener", Action.DENY, codes.ELB_IDLE_TIMEOUT, text, rule))


__all__ = ["ClassicPasses", "idle"]
