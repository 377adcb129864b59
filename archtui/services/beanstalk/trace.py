"""How an environment is asked, and how a worker's daemon hands messages to the application."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from archtui.model.component import Component, Json
from archtui.model.operations import Operation, Set
from archtui.services.beanstalk.expand import HTTP, part
from archtui.services.beanstalk.properties import BeanstalkEnvironmentProperties
from archtui.services.consumers import DeliversLocally
from archtui.services.fronted import FrontedByBalancer
from archtui.services.handing import HandsOn
from archtui.services.sqs.trace import RECEIVE
from archtui.trace.interface import (
    HasMembers,
    MovesAway,
    NameAnswer,
    NameWay,
    Question,
    StandsIn,
    Walk,
    hop,
)
from archtui.trace.message import Endpoint, Http, Message
from archtui.world.condition import Condition
from archtui.world.steps import Action, RuleRef, Step
from archtui.world.world import World


def environment_of(component: Component) -> BeanstalkEnvironmentProperties:
    """Return the properties of an environment."""
    if not isinstance(component.properties, BeanstalkEnvironmentProperties):
        raise TypeError(f"{component.id} is no Elastic Beanstalk environment")
    return component.properties


class EnvironmentBehaviour(FrontedByBalancer, HandsOn, HasMembers, MovesAway, DeliversLocally):
    """An environment is asked at its balancer, or at the Elastic IP of its one instance.

    Source: Elastic Beanstalk Developer Guide, "Environment URL" (``ENVIRONMENT.REGION.elasticbeanstalk.com`` leads to
    the balancer or to the Elastic IP), "Worker environments".
    """

    def names(self, component: Component, world: World) -> tuple[str, ...]:
        return (f"{component.id}.{world.placement(component.id).region}.elasticbeanstalk.com".lower(),)

    def front(self, component: Component, world: World) -> Component | None:
        return world.components.get(part(component.id, "lb"))

    def unmade(self, component: Component, world: World) -> str:
        return f"{component.id} is a worker environment: it takes messages from a queue and no requests."

    def answer(self, component: Component, question: Question, walk: Walk) -> NameAnswer:
        address = walk.world.components.get(part(component.id, "eip"))
        if address is None:
            return super().answer(component, question, walk)
        nics = walk.interfaces(part(component.id, "instance"))
        public = [(nic, walk.public_address(nic)) for nic in nics]
        found = next(((nic, given) for nic, given in public if given), None)
        if found is None:
            return NameAnswer((), (), (f"the Elastic IP of {component.id}",))
        text = f"The name of {component.id} gives the Elastic IP {found[1]} of its one instance."
        step = Step("dns", Action.ANSWER, "", text, RuleRef(component.id, "single instance", ("environment_type",)))
        return NameAnswer((hop(component, step),), (NameWay(1.0, replace(found[0], address=found[1]), ttl=60.0),))

    def members(self, component: Component, walk: Walk) -> tuple[Endpoint, ...]:
        """Return the instances that work."""
        group = walk.world.components[part(component.id, "asg")]
        several = group.kind.behaviour(HasMembers)
        return several.members(group, walk) if several else ()

    def moved(
        self, component: Component, world: World, condition: Condition, acts: Callable[[str], bool]
    ) -> tuple[Operation, ...]:
        """New instances start in the subnets that are left."""
        group = world.components[part(component.id, "asg")]
        stands = group.kind.behaviour(StandsIn)
        subnets = environment_of(component).subnets
        left: list[Json] = [name for name in subnets if not condition.is_down(world, name)]
        broken = bool(condition.zones or condition.down)
        if component.implicit or not (broken and left and stands) or len(left) == len(subnets):
            return ()
        acting = stands.stands_in(group, world, condition, acts) if stands else False
        return (Set(("components", component.id, "subnets"), left),) if acting else ()

    def takes_from(self, component: Component) -> tuple[str, str] | None:
        queue = environment_of(component).queue
        return (queue, RECEIVE) if queue and environment_of(component).tier == "worker" else None

    def machines(self, component: Component) -> tuple[str, ...]:
        return (part(component.id, "asg"), part(component.id, "instance"))

    def posted(self, component: Component) -> tuple[Message, str]:
        path = environment_of(component).http_path
        message = Message("tcp", HTTP, Http("POST", "http", "localhost", path), called=True)
        text = f"The daemon of {component.id} posts the message to http://localhost{path} and deletes it on a 200."
        return message, text
