"""EVB001: events that are lost when a target cannot be reached."""

from __future__ import annotations

from collections.abc import Iterator

from archtui.check.finding import Finding
from archtui.check.rule import ComponentRule, properties
from archtui.model.component import Component
from archtui.model.edits import Edit, add_component, join, set_property, unused_id
from archtui.services.eventbridge.properties import EventBusProperties
from archtui.world.world import World


class UndeliveredLost(ComponentRule):
    """A target without a dead-letter queue."""

    id = "EVB001"
    title = "Target without DLQ"
    severity = "warning"
    class_ = "resilience"
    kinds = ("event_bus",)
    reads = ()
    why = "What EventBridge could not deliver in 24 hours is thrown away."
    fix = "Give the target a dead-letter queue."
    sources = ("https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html",)
    facts = ("eventbridge-timeouts-01",)
    example_bad = """\
components:
  lost: {kind: sqs_queue}
  fn: {kind: lambda_function, on_failure: lost}
  bus: {kind: event_bus, rules: [{name: all, pattern: {source: [shop]}, targets: [{to: fn}]}]}
"""
    example_good = example_bad.replace("{to: fn}", "{to: fn, dead_letter: lost}")
    example_finds = ("bus", "fn")

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look at each target of each rule that is on."""
        for index, rule in enumerate(properties(component, EventBusProperties).rules):
            for place, target in enumerate(rule.targets if rule.enabled else ()):
                if target.dead_letter is None:
                    text = f"Events of {rule.name} that {target.to} cannot get are lost."
                    path = ("rules", index, "targets", place)
                    yield self.finding(component.id, target.to, message=text, path=path, detail=(index, place))

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Keep them in a queue."""
        index, place = finding.detail
        name = unused_id(world.components, f"{finding.subject}-undelivered")
        made = add_component(name, "sqs_queue", {"retention": "14d"})
        kept = set_property(finding.subject, ("rules", index, "targets", place, "dead_letter"), name)
        return (join(f"keep undelivered events of {finding.subject} in {name}", (made, kept)),)
