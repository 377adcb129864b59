"""Reading inspection from ``aws elbv2``, ``aws ec2`` and ``aws network-firewall`` ``describe-*``.

What ``describe-firewall``, ``describe-firewall-policy`` and ``describe-rule-group`` return, one document each, is
read as it is; so are lists of such documents under ``NetworkFirewalls``, ``FirewallPolicies`` and ``RuleGroups``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from archtui.formats.describe import (
    Data,
    Described,
    Describes,
    Inventory,
    Record,
    arn_name,
    flag,
    given,
    items,
    label,
    listed,
    need,
    number,
    text,
    texts,
    value,
)
from archtui.model.component import Json
from archtui.services.inspection.describe_rules import stateful_rule, stateless_rules
from archtui.services.vpc_endpoints.describe import GONE, STATES


def _beside(record: Record, inventory: Inventory, key: str) -> Data:
    """Return what stands under ``key`` in the same document as ``record``."""
    found = value(record.data, key)
    if isinstance(found, Mapping):
        return found
    return next((other.data for other in inventory.of(key) if other.file == record.file), {})


def _body(record: Record, key: str) -> Data:
    found = value(record.data, key)
    return found if isinstance(found, Mapping) else record.data


def _listeners(inventory: Inventory) -> Mapping[str, list[str]]:
    """Return the target groups of each balancer, by its ARN."""
    nested = [item for record in inventory.of("LoadBalancerListeners") for item in items(record.data, "Listeners")]
    found: dict[str, list[str]] = {}
    for listener in (*nested, *(record.data for record in inventory.of("Listeners"))):
        groups = found.setdefault(text(listener, "LoadBalancerArn"), [])
        for action in items(listener, "DefaultActions"):
            named = [text(action, "TargetGroupArn")]
            named += [text(item, "TargetGroupArn") for item in items(action, "ForwardConfig.TargetGroups")]
            groups += [arn_name(arn) for arn in named if arn and arn_name(arn) not in groups]
    return found


class DescribesGatewayLoadBalancer(Describes):
    """``describe-load-balancers``, those of type gateway."""

    keys = ("LoadBalancers",)
    details = ("LoadBalancerListeners", "LoadBalancerAttributes", "Listeners")

    def claims(self, record: Record) -> bool:
        return record.key in self.keys and text(record.data, "Type") == "gateway"

    def describe(self, record: Record, inventory: Inventory) -> Iterator[Described]:
        data = record.data
        arn = need(data, "LoadBalancerArn")
        attributes = {
            text(item, "Key"): text(item, "Value")
            for other in inventory.of("LoadBalancerAttributes")
            if text(other.data, "LoadBalancerArn") == arn
            for item in items(other.data, "Attributes")
        }
        state = text(data, "State.Code", "active")
        properties: dict[str, Json] = {
            **given(
                label=text(data, "LoadBalancerName"),
                cross_zone=attributes.get("load_balancing.cross_zone.enabled") == "true" or None,
                deletion_protection=attributes.get("deletion_protection.enabled") == "true" or None,
                state=state if state != "active" else None,
            ),
            "subnets": listed(need(zone, "SubnetId") for zone in items(data, "AvailabilityZones")),
            "target_groups": listed(inventory.part(_listeners).get(arn, [])),
        }
        yield Described(arn_name(arn), properties)


def _services(inventory: Inventory) -> Mapping[str, str]:
    """Return the balancer behind each endpoint service."""
    return {
        text(record.data, "ServiceName"): arn_name(arns[0])
        for record in inventory.of("ServiceConfigurations", "VpcEndpointServiceConfigurations")
        if (arns := texts(record.data, "GatewayLoadBalancerArns"))
    }


def _firewall_endpoints(inventory: Inventory) -> Mapping[str, str]:
    """Return the firewall behind each endpoint, as its status says."""
    found: dict[str, str] = {}
    for record in inventory.of("Firewall", "NetworkFirewalls"):
        firewall = _body(record, "Firewall")
        states = value(_beside(record, inventory, "FirewallStatus"), "SyncStates")
        for state in states.values() if isinstance(states, Mapping) else ():
            found[text(state, "Attachment.EndpointId")] = text(firewall, "FirewallName")
    return found


class DescribesGwlbEndpoint(Describes):
    """``describe-vpc-endpoints``, those of type GatewayLoadBalancer; their service or firewall says what is behind."""

    keys = ("VpcEndpoints",)
    details = ("ServiceConfigurations", "VpcEndpointServiceConfigurations")

    def claims(self, record: Record) -> bool:
        return record.key in self.keys and text(record.data, "VpcEndpointType") == "GatewayLoadBalancer"

    def describe(self, record: Record, inventory: Inventory) -> Iterator[Described]:
        data = record.data
        name = need(data, "VpcEndpointId")
        state = STATES.get(text(data, "State", "available").lower(), text(data, "State"))
        tags = {text(tag, "Key"): text(tag, "Value") for tag in items(data, "Tags")}
        service = inventory.part(_firewall_endpoints).get(name) or inventory.part(_services).get(
            text(data, "ServiceName"), ""
        )
        if not service and tags.get("AWSNetworkFirewallManaged") == "true":
            service = tags.get("Firewall", "").rpartition("/")[2]
        subnets = texts(data, "SubnetIds")
        properties: dict[str, Json] = {
            **label(data),
            **given(
                vpc=need(data, "VpcId"),
                subnet=subnets[0] if subnets else None,
                service=service,
                service_name=text(data, "ServiceName") if not service else None,
                state=state if state != "available" else None,
            ),
        }
        notes = () if service else ("what is behind it is not in the input; add 'describe-vpc-endpoint-services'",)
        outside = {service: "firewall or Gateway Load Balancer"} if service else {}
        yield Described(name, properties, dead=state if state in GONE else "", notes=notes, outside=outside)


def _policies(inventory: Inventory) -> Mapping[str, Data]:
    found: dict[str, Data] = {}
    for record in inventory.of("FirewallPolicyResponse", "FirewallPolicies"):
        arn = text(_body(record, "FirewallPolicyResponse"), "FirewallPolicyArn")
        body = _beside(record, inventory, "FirewallPolicy")
        if arn and body:
            found[arn] = body
    return found


class DescribesNetworkFirewall(Describes):
    """``network-firewall describe-firewall`` with ``describe-firewall-policy``."""

    keys = ("Firewall", "NetworkFirewalls")
    details = ("FirewallStatus", "FirewallPolicyResponse", "FirewallPolicy", "FirewallPolicies")

    def describe(self, record: Record, inventory: Inventory) -> Iterator[Described]:
        data = _body(record, "Firewall")
        status = text(_beside(record, inventory, "FirewallStatus"), "Status", "READY").lower()
        policy = inventory.part(_policies).get(text(data, "FirewallPolicyArn"))
        properties: dict[str, Json] = {
            **label(data),
            **given(
                vpc=need(data, "VpcId"),
                delete_protection=flag(data, "DeleteProtection") or None,
                subnet_change_protection=flag(data, "SubnetChangeProtection") or None,
                state=status if status != "ready" else None,
            ),
            "subnets": listed(text(item, "SubnetId") for item in items(data, "SubnetMappings")),
        }
        outside: dict[str, str] = {}
        if policy is None:
            missing = text(data, "FirewallPolicyArn").rpartition("/")[2] or "its firewall policy"
            properties["rule_groups"] = [missing]
            outside[missing] = "firewall policy"
            notes: tuple[str, ...] = ("its policy is not in the input; add 'describe-firewall-policy'",)
        else:
            notes = tuple(_policy(policy, properties, outside))
        yield Described(need(data, "FirewallName"), properties, notes=notes, outside=outside)


_DEFAULTS = {"aws:pass": "pass", "aws:drop": "drop", "aws:forward_to_sfe": "forward"}


def _policy(policy: Data, properties: dict[str, Json], outside: dict[str, str]) -> Iterator[str]:
    """Put a policy into a firewall's properties; yield what of it is not used."""
    groups: list[str] = []
    for key in ("StatelessRuleGroupReferences", "StatefulRuleGroupReferences"):
        found = sorted(items(policy, key), key=lambda item: number(item, "Priority") or 0)
        groups += [text(item, "ResourceArn").rpartition("/")[2] for item in found]
    outside.update(dict.fromkeys(groups, "firewall rule group"))
    properties["rule_groups"] = listed(groups)
    default = next((_DEFAULTS[name] for name in texts(policy, "StatelessDefaultActions") if name in _DEFAULTS), None)
    fragments = next(
        (_DEFAULTS[name] for name in texts(policy, "StatelessFragmentDefaultActions") if name in _DEFAULTS), default
    )
    if default != fragments:
        yield "its default for fragments differs and is left out"
    order = text(policy, "StatefulEngineOptions.RuleOrder")
    stream = text(policy, "StatefulEngineOptions.StreamExceptionPolicy").lower()
    actions = texts(policy, "StatefulDefaultActions")
    drops = next((name.removeprefix("aws:") for name in actions if name.startswith("aws:drop")), None)
    if drops and drops.endswith("_app_layer"):
        drops = "drop_established"
    properties.update(
        given(
            stateless_default=default if default != "forward" else None,
            rule_order="strict" if order == "STRICT_ORDER" else None,
            stateful_default=drops,
            stream_exception=stream if stream in ("reject", "continue") else None,
        )
    )


class DescribesRuleGroup(Describes):
    """``network-firewall describe-rule-group``."""

    keys = ("RuleGroupResponse", "RuleGroups")
    details = ("RuleGroup",)

    def describe(self, record: Record, inventory: Inventory) -> Iterator[Described]:
        response = _body(record, "RuleGroupResponse")
        body = _beside(record, inventory, "RuleGroup")
        rules: list[Json] = []
        for rule in items(body, "RulesSource.StatelessRulesAndCustomActions.StatelessRules"):
            rules.extend(stateless_rules(rule))
        rules.extend(stateful_rule(rule) for rule in items(body, "RulesSource.StatefulRules"))
        targets = texts(body, "RulesSource.RulesSourceList.Targets")
        denied = text(body, "RulesSource.RulesSourceList.GeneratedRulesType").startswith(("DENY", "REJECT"))
        properties: dict[str, Json] = {
            **label(response),
            **given(
                type="stateless" if text(response, "Type") == "STATELESS" else None,
                domain_action="deny" if denied else None,
                suricata=text(body, "RulesSource.RulesString"),
                capacity=number(response, "Capacity"),
            ),
        }
        if rules:
            properties["rules"] = rules
        if targets:
            properties["domains"] = listed(targets)
        notes = () if body else ("its rules are not in the input",)
        if not body:
            properties["suricata"] = "not in the input"
        yield Described(need(response, "RuleGroupName"), properties, notes=notes)
