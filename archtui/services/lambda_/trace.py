"""What a function does with a call: it runs, asks what it is linked to, and answers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from archtui.failure.interface import properties_as
from archtui.model.component import Component
from archtui.services.events import EVENT, accepted, carried, refused
from archtui.services.lambda_.properties import LambdaFunctionProperties
from archtui.services.regional import sender_of
from archtui.trace import codes
from archtui.trace.application import calls_of
from archtui.trace.interface import Arrival, Call, Receives, Reception, Walk, Way, hop
from archtui.trace.message import Endpoint
from archtui.world.steps import RuleRef, Step


class FunctionReceives(Receives):
    """A function runs once for each call; in a VPC it sends from the interface of one of its subnets."""

    def port(self, component: Component) -> int | None:
        return 443

    def receive(self, arrival: Arrival, walk: Walk) -> Reception:
        component = arrival.component
        properties = properties_as(component, LambdaFunctionProperties)
        if arrival.at.interface:
            return self._running(arrival, walk)
        denial = self._denial(component, properties, walk)
        if denial is not None:
            return Reception((hop(component, denial),), status=429 if denial.code == codes.LAMBDA_THROTTLED else None)
        text = f"{component.id} runs ({properties.memory} MB, at most {properties.timeout:g} s)."
        step = accepted(component, text, "timeout")
        calls = tuple(self._placed(arrival, properties, walk))
        return Reception((hop(component, step),), (*calls, *self._destinations(arrival, properties, walk)), 200)

    @staticmethod
    def _denial(component: Component, properties: LambdaFunctionProperties, walk: Walk) -> Step | None:
        if walk.is_down(component.id):
            return refused(component, codes.BAD_STATE, f"{component.id} is down.")
        if properties.reserved_concurrency == 0:
            text = f"{component.id} has a reserved concurrency of 0, so Lambda throttles every call."
            return refused(component, codes.LAMBDA_THROTTLED, text, "reserved_concurrency")
        if properties.duration is not None and properties.duration > properties.timeout:
            text = f"{component.id} takes {properties.duration:g} s and is stopped after {properties.timeout:g} s."
            return refused(component, codes.LAMBDA_TIMEOUT, text, "timeout")
        return None

    def _placed(self, arrival: Arrival, properties: LambdaFunctionProperties, walk: Walk) -> Iterator[Call]:
        """Yield the calls of the code, from outside the customer's networks or from one of the subnets."""
        component = arrival.component
        if not properties.subnets:
            yield from calls_of(replace(arrival, at=sender_of(component, walk.world, "lambda")), walk)
            return
        if not walk.world.links_from(component.id):
            return
        nics = tuple(nic for nic in walk.interfaces(component.id) if not walk.condition.zone_down(nic.zone))
        if not nics:
            step = refused(component, codes.BAD_STATE, f"No zone of the subnets of {component.id} works.", "subnets")
            lost = Way(1.0, "no subnet", Endpoint(component.id), None, arrival.message, (hop(component, step),))
            yield Call(f"the subnets of {component.id}", (lost,), relays=True)
            return
        share = 1 / len(nics)
        ways = tuple(
            Way(share, nic.subnet, nic, nic, arrival.message, internal=f"{component.id} sends from {nic.subnet}.")
            for nic in nics
        )
        yield Call(f"the subnets of {component.id}", ways, relays=True)

    @staticmethod
    def _running(arrival: Arrival, walk: Walk) -> Reception:
        """Return what the code asks for from the interface it sends from."""
        component = arrival.component
        trail = tuple(name for name in arrival.trail if name != component.id)
        return Reception((), calls_of(replace(arrival, trail=trail), walk), 200)

    @staticmethod
    def _destinations(arrival: Arrival, properties: LambdaFunctionProperties, walk: Walk) -> Iterator[Call]:
        if arrival.message.purpose != "event" or properties.on_success is None:
            return
        component, target = arrival.component, properties.on_success
        text = f"{component.id} has succeeded: Lambda sends the result to {target}."
        rule = RuleRef(component.id, f"on_success {target}", ("on_success",))
        yield carried(component, target, text, walk, message=EVENT, rule=rule)
