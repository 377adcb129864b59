"""ASG009: groups whose instances take messages from a queue."""

from __future__ import annotations

from collections.abc import Iterator

from archtui.check.finding import Finding
from archtui.check.rule import LINKS, ComponentRule, properties
from archtui.model.component import Component
from archtui.model.edits import Edit, join, set_property
from archtui.services.ec2.properties import AutoScalingGroupProperties
from archtui.services.lookups import as_kind
from archtui.services.sqs.properties import SqsQueueProperties
from archtui.services.sqs.trace import RECEIVE
from archtui.world.world import World


class ScalesOnProcessors(ComponentRule):
    """Queue workers that scale on their processors."""

    id = "ASG009"
    title = "Queue workers scale on CPU instead of queue depth"
    severity = "warning"
    class_ = "performance"
    kinds = ("auto_scaling_group",)
    reads = ("sqs_queue", LINKS)
    why = "Messages that wait keep no processor busy, so the group does not grow with them."
    fix = "Scale on the visible messages for each instance."
    sources = ("https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-using-sqs-queue.html",)
    example_bad = """\
components:
  lt: {kind: launch_template}
  workers: {kind: asg, launch_template: lt, min: 2, max: 6, scaling_policy: target_tracking, scaling_metric: cpu}
  jobs: {kind: sqs}
links:
  - {from: workers, to: jobs, port: 443, action: "sqs:ReceiveMessage"}
"""
    example_good = example_bad.replace("scaling_metric: cpu", "scaling_metric: queue_depth")
    example_finds = ("workers", "jobs")

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look for a queue that it takes messages from."""
        if properties(component, AutoScalingGroupProperties).scaling_metric.lower() != "cpu":
            return
        for link in world.links_from(component.id):
            if link.action == RECEIVE and as_kind(world, link.target, SqsQueueProperties):
                message = f"{component.id} works on what waits in {link.target}, but scales on its processors."
                yield self.finding(component.id, link.target, message=message, path=("scaling_metric",))

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Scale on the queue."""
        edit = set_property(finding.subject, ("scaling_metric",), "queue_depth")
        return (join(f"scale {finding.subject} on {finding.components[1]}", (edit,)),)
