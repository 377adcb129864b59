"""ECS003, ECS005: task definitions."""

from __future__ import annotations

import re
from collections.abc import Iterator

from archtui.check.finding import Finding
from archtui.check.rule import ComponentRule, properties
from archtui.model.component import Component
from archtui.model.edits import Edit, join, set_property
from archtui.services.ecs.properties import EcsServiceProperties, EcsTaskDefinitionProperties
from archtui.services.lookups import as_kind
from archtui.world.world import World

_GUIDE = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/"
SIZES: dict[int, tuple[int, ...]] = {
    256: (512, 1024, 2048),
    512: tuple(range(1024, 4096 + 1, 1024)),
    1024: tuple(range(2048, 8192 + 1, 1024)),
    2048: tuple(range(4096, 16384 + 1, 1024)),
    4096: tuple(range(8192, 30720 + 1, 1024)),
    8192: tuple(range(16384, 61440 + 1, 4096)),
    16384: tuple(range(32768, 122880 + 1, 8192)),
}
"""MB of memory that Fargate takes with so many CPU units (Amazon ECS Developer Guide, "Task size")."""
_SECRET = re.compile(r"pass(word|wd|phrase)?$|secret|token$|api_?key|private_?key|access_?key", re.IGNORECASE)


class NotForFargate(ComponentRule):
    """A task definition of a Fargate service that Fargate does not take."""

    id = "ECS003"
    title = "Task definition does not fit Fargate"
    severity = "error"
    class_ = "correctness"
    kinds = ("ecs_task_definition",)
    reads = ("ecs_service",)
    why = "Fargate knows certain pairs of CPU and memory and the awsvpc network mode alone; it refuses everything else."
    fix = "Take a pair of its table, and awsvpc."
    sources = (f"{_GUIDE}fargate-tasks-services.html",)
    example_bad = """\
components:
  recipe: {kind: ecs_task_definition, cpu: 256, memory: 4096}
  shop: {kind: ecs_service, desired: 2, task_definition: recipe}
"""
    example_good = example_bad.replace("4096", "2048")
    example_finds = ("recipe", "shop")

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Compare the sizes with the table."""
        recipe = properties(component, EcsTaskDefinitionProperties)
        user = next(iter(_on_fargate(world, component.id)), None)
        if user is None:
            return
        if recipe.network_mode != "awsvpc":
            message = f"{user} runs on Fargate, which does not know the network mode {recipe.network_mode}."
            yield self.finding(component.id, user, message=message, path=("network_mode",))
        elif recipe.memory not in SIZES.get(recipe.cpu, ()):
            message = f"Fargate has no tasks of {recipe.cpu} CPU units with {recipe.memory} MB."
            yield self.finding(component.id, user, message=message, path=("memory",))

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Take the nearest pair that is no smaller, or the only network mode."""
        recipe = as_kind(world, finding.subject, EcsTaskDefinitionProperties)
        if recipe is None:
            return ()
        if recipe.network_mode != "awsvpc":
            edit = set_property(finding.subject, ("network_mode",), "awsvpc")
            return (join(f"let tasks of {finding.subject} have interfaces of their own", (edit,)),)
        pairs = [(cpu, memory) for cpu, known in SIZES.items() for memory in known]
        larger = [pair for pair in pairs if pair[0] >= recipe.cpu and pair[1] >= recipe.memory]
        cpu, memory = min(larger or pairs[-1:])
        edits = [set_property(finding.subject, ("cpu",), cpu), set_property(finding.subject, ("memory",), memory)]
        return (join(f"give tasks of {finding.subject} {cpu} CPU units and {memory} MB", edits),)


def _on_fargate(world: World, recipe: str) -> Iterator[str]:
    for edge in world.referrers(recipe):
        service = as_kind(world, edge.source, EcsServiceProperties)
        if service and service.launch_type == "FARGATE":
            yield edge.source


class SecretsInTheOpen(ComponentRule):
    """Secrets among the environment variables of a task definition."""

    id = "ECS005"
    title = "Secret in the environment of a task definition"
    severity = "warning"
    class_ = "security"
    kinds = ("ecs_task_definition",)
    reads = ()
    why = "Whoever may describe the task definition reads them, and they stay in each of its revisions."
    fix = "Keep them in Secrets Manager or Parameter Store and name them among the secrets."
    sources = (f"{_GUIDE}security-tasks-containers.html", f"{_GUIDE}specifying-sensitive-data.html")
    example_bad = "components:\n  recipe: {kind: ecs_task_definition, environment: {DB_PASSWORD: hunter2}}\n"
    example_good = "components:\n  recipe: {kind: ecs_task_definition, secrets: [DB_PASSWORD]}\n"
    example_finds = ("recipe",)

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look at the names of the variables."""
        recipe = properties(component, EcsTaskDefinitionProperties)
        names = _secret(recipe)
        if names:
            message = f"{component.id} holds {', '.join(names)} in clear text."
            yield self.finding(component.id, message=message, path=("environment",))

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Move them to the secrets."""
        recipe = as_kind(world, finding.subject, EcsTaskDefinitionProperties)
        if recipe is None:
            return ()
        names = _secret(recipe)
        rest = {name: value for name, value in recipe.environment.items() if name not in names}
        edits = (
            set_property(finding.subject, ("environment",), {**rest}),
            set_property(finding.subject, ("secrets",), [*recipe.secrets, *names]),
        )
        return (join(f"take the secrets of {finding.subject} from a store", edits),)


def _secret(recipe: EcsTaskDefinitionProperties) -> tuple[str, ...]:
    return tuple(name for name in recipe.environment if _SECRET.search(name))
