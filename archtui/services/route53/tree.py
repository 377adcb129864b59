"""How a traffic policy answers: a tree of routing policies, walked from its first rule to an endpoint.

Source: Route 53 Developer Guide, "Using Traffic Flow to route DNS traffic": each rule is a set of records of its own,
tied together by aliases with evaluate target health.
"""

from __future__ import annotations

from dataclasses import replace

from archtui.failure.interface import properties_as
from archtui.model.component import Component
from archtui.services.route53.health import check_health, health_of_target
from archtui.services.route53.policies import Candidate, choose
from archtui.services.route53.properties import RecordProperties, TrafficItem, TrafficPolicyProperties, TrafficRule
from archtui.trace import codes
from archtui.trace.interface import Health, NameAnswer, NameWay, Question, Walk, hop
from archtui.trace.request import is_address
from archtui.world.steps import Action, RuleRef, Step

_FACTS = ("r53_traffic_flow-traffic-flow-01",)


def tree_answer(policy: Component, question: Question, walk: Walk) -> NameAnswer:
    """Answer ``question`` by the tree of ``policy``."""
    properties = properties_as(policy, TrafficPolicyProperties)
    if not properties.rules:
        rule = RuleRef(policy.id, "no rule", ("rules",))
        text = f"{policy.id} has no rule, so {question.name} has no answer."
        return NameAnswer((hop(policy, Step("dns", Action.DENY, codes.DNS_RECORD_EMPTY, text, rule)),))
    return _by_rule(policy, properties, properties.rules[0], question, walk)


def _by_rule(
    policy: Component, properties: TrafficPolicyProperties, rule: TrafficRule, question: Question, walk: Walk
) -> NameAnswer:
    index = properties.rules.index(rule)
    text = f"The rule {rule.id} of {policy.id} chooses by {rule.policy}."
    ref = RuleRef(policy.id, f"rule {rule.id}", ("rules", index))
    step = Step("dns", Action.CHOOSE, "", text, ref, facts=_FACTS)
    found = choose(question, [_candidate(policy, properties, rule, item, walk) for item in rule.items])
    return replace(found, hops=(hop(policy, step), *found.hops))


def _candidate(
    policy: Component, properties: TrafficPolicyProperties, rule: TrafficRule, item: TrafficItem, walk: Walk
) -> Candidate:
    """Return a branch as a record of the set that its rule makes."""
    as_record = RecordProperties.model_validate(
        {
            "zone": properties.zone,
            "name": properties.name,
            "type": properties.type,
            "policy": rule.policy,
            "set_id": f"{rule.id} to {item.rule or item.to}",
            "alias": item.rule or item.to,
            **item.model_dump(exclude={"rule", "to"}, exclude_none=True),
        }
    )

    def content(question: Question) -> NameAnswer:
        if item.rule:
            return _by_rule(policy, properties, _rule(properties, item.rule), question, walk)
        return _endpoint(policy, properties, item.to or "", question, walk)

    health = item_health(policy, properties, item, walk)
    return Candidate(policy, as_record, health, content)


def _rule(properties: TrafficPolicyProperties, name: str) -> TrafficRule:
    return next(rule for rule in properties.rules if rule.id == name)


def item_health(policy: Component, properties: TrafficPolicyProperties, item: TrafficItem, walk: Walk) -> Health:
    """Return whether a branch may be answered: its own check, and what it leads to where that is evaluated."""
    seen = walk.perceived(f"route53.failover_record:{policy.id}")
    parts = [check_health(seen.world.components[item.health_check], seen)] if item.health_check else []
    if item.rule and item.evaluate_target_health:
        below = [item_health(policy, properties, each, walk) for each in _rule(properties, item.rule).items]
        good = True if any(each.healthy for each in below) else None if any(e.healthy is None for e in below) else False
        parts.append(Health(good, f"{'a' if good else 'no'} branch of {item.rule} is healthy"))
    elif item.to in seen.world.components and item.evaluate_target_health:
        parts += health_of_target(item.to or "", seen)
    for wanted in (False, None):
        for part in parts:
            if part.healthy is wanted:
                return part
    return parts[0] if parts else Health(True, "nothing checks it")


def _endpoint(
    policy: Component, properties: TrafficPolicyProperties, target: str, question: Question, walk: Walk
) -> NameAnswer:
    ttl = float(properties.ttl)
    text = f"{question.name} is answered with {target}, kept for {ttl:g} s."
    ref = RuleRef(policy.id, f"endpoint {target}", ("rules",))
    step = Step("dns", Action.ANSWER, "", text, ref, after={"name": question.name, "values": [target], "ttl": ttl})
    if is_address(target):
        way = NameWay(1.0, walk.owner(target, question.asker), ttl=ttl)
    elif target in walk.world.components:
        way = NameWay(1.0, component=target, ttl=ttl)
    else:
        way = NameWay(1.0, name=target, ttl=ttl)
    return NameAnswer((hop(policy, step),), (way,))
