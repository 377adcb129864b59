"""OPS005: environments that stand still while a new version comes."""

from __future__ import annotations

from collections.abc import Iterator

from archtui.check.finding import Finding
from archtui.check.rule import ComponentRule, properties
from archtui.model.component import Component
from archtui.model.edits import Edit, join, set_property
from archtui.services.beanstalk.properties import BeanstalkEnvironmentProperties
from archtui.services.lookups import as_kind
from archtui.world.world import World

_GUIDE = "https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/"


class StandsStill(ComponentRule):
    """An environment that answers nobody during a deployment."""

    id = "OPS005"
    title = "Environment answers nobody during a deployment"
    severity = "warning"
    class_ = "resilience"
    kinds = ("beanstalk_environment",)
    reads = ()
    why = "With one instance, or all instances at once, nothing answers while a new version is put in place."
    fix = "Run two instances at least and deploy in batches, with an additional one."
    sources = (
        f"{_GUIDE}using-features.deploy-existing-version.html",
        f"{_GUIDE}using-features-managing-env-types.html",
    )
    example_bad = "components:\n  shop: {kind: beanstalk_environment}\n"
    example_good = (
        "components:\n  shop: {kind: beanstalk_environment, min: 2, deployment_policy: RollingWithAdditionalBatch}\n"
    )
    example_finds = ("shop",)

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look at the type and the policy of a web environment."""
        environment = properties(component, BeanstalkEnvironmentProperties)
        if environment.tier != "web":
            return
        if environment.environment_type == "single_instance":
            yield self.finding(component.id, message=f"{component.id} has one instance and no balancer.")
        elif environment.deployment_policy == "AllAtOnce":
            yield self.finding(component.id, message=f"A new version comes to all instances of {component.id} at once.")
        elif environment.min < 2 and environment.deployment_policy == "Rolling":
            yield self.finding(component.id, message=f"{component.id} may run one instance, and Rolling takes it out.")

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Balance two instances and deploy with an additional batch."""
        environment = as_kind(world, finding.subject, BeanstalkEnvironmentProperties)
        if environment is None:
            return ()
        edits = [set_property(finding.subject, ("deployment_policy",), "RollingWithAdditionalBatch")]
        if environment.environment_type == "single_instance":
            edits.append(set_property(finding.subject, ("environment_type",), "load_balanced"))
        if environment.min < 2:
            edits.append(set_property(finding.subject, ("min",), 2))
        return (join(f"keep {finding.subject} answering during deployments", edits),)
