"""MSK001, MQ001, RDS021, DAT002: brokers, warehouses and search domains."""

from __future__ import annotations

from collections.abc import Iterator

from archtui.check.finding import Finding
from archtui.check.rule import ComponentRule, properties
from archtui.model.component import Component
from archtui.model.edits import Edit, join, set_property
from archtui.services.examples import NETWORK
from archtui.services.lookups import as_kind, links_to, zones_of
from archtui.services.spread import add_zone
from archtui.services.stores.properties import (
    MqBrokerProperties,
    MskProperties,
    OpenSearchProperties,
    RedshiftProperties,
)
from archtui.services.vpc_ways import stands_outside
from archtui.world.world import World

_DOCS = "https://docs.aws.amazon.com/"


class OneBroker(ComponentRule):
    """Brokers that one zone's loss takes away."""

    id = "MSK001"
    title = "Broker in one zone or alone"
    severity = "warning"
    class_ = "resilience"
    kinds = ("msk_cluster", "mq_broker")
    why = "With its only broker, or the zone of all of them, the messages stop and those not yet copied are lost."
    fix = "Run brokers in several zones with copies of each partition, or an active and a standby broker."
    sources = (
        f"{_DOCS}msk/latest/developerguide/bestpractices.html",
        f"{_DOCS}amazon-mq/latest/developer-guide/amazon-mq-broker-architecture.html",
    )
    facts = ("msk-kafka-01", "amazon_mq-broker-01")
    example_bad = NETWORK + "  bus: {kind: mq_broker, subnets: [app-a]}\n"
    example_good = NETWORK + "  bus: {kind: mq_broker, deployment: active_standby, subnets: [app-a, app-b]}\n"
    example_finds = ("bus",)

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look at deployment, zones and copies."""
        broker = component.properties
        if not isinstance(broker, MskProperties | MqBrokerProperties):
            return
        one_zone = len(zones_of(world, broker.subnets)) == 1
        if broker.count() == 1:
            lacking = "one broker alone"
        elif one_zone:
            lacking = "all brokers in one zone"
        elif isinstance(broker, MskProperties) and broker.replication_factor == 1:
            lacking = "one copy of each partition"
        else:
            return
        fixable = not one_zone or bool(add_zone(world, component.id, broker.subnets))
        yield self.finding(component.id, message=f"{component.id} has {lacking}.", fixable=fixable)

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Have a second broker, zone or copy."""
        name = finding.subject
        broker = world.components[name].properties
        if not isinstance(broker, MskProperties | MqBrokerProperties) or not finding.fixable:
            return ()
        edits = list(add_zone(world, name, broker.subnets) if len(zones_of(world, broker.subnets)) == 1 else ())
        if isinstance(broker, MqBrokerProperties) and broker.count() == 1:
            pair = "active_standby" if broker.engine == "activemq" else "cluster"
            edits.append(set_property(name, ("deployment",), pair))
        elif isinstance(broker, MskProperties):
            copies = max(2, broker.replication_factor)
            if broker.brokers < copies:
                edits.append(set_property(name, ("brokers",), copies))
            if broker.replication_factor < 2:
                edits.append(set_property(name, ("replication_factor",), copies))
        return (join(f"spread the brokers of {name}", edits),)


class BrokerFromOutside(ComponentRule):
    """A broker that somebody outside its VPC asks."""

    id = "MQ001"
    title = "Amazon MQ reached without a private way"
    severity = "error"
    class_ = "reachability"
    kinds = ("mq_broker",)
    why = "A broker runs in a VPC; unlike SQS it has no public API, so who is outside needs a way in."
    fix = "Place the client in the VPC, or join the networks by a peering, a transit gateway or a VPN."
    sources = (f"{_DOCS}amazon-mq/latest/developer-guide/using-amazon-mq-securely.html",)
    facts = ("amazon_mq-vpc-01",)
    _DESIGN = (
        NETWORK
        + """\
  bus: {kind: mq_broker, deployment: active_standby, subnets: [app-a, app-b]}
  fn: {kind: lambda_function%s}
links: [{from: fn, to: bus}]
"""
    )
    example_bad = _DESIGN % ""
    example_good = _DESIGN % ", subnets: [app-a, app-b]"
    example_finds = ("bus", "fn")

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look at the places of its clients; a broker with public addresses is left to the packets."""
        vpc = world.placement(component.id).vpc
        if vpc is None or properties(component, MqBrokerProperties).publicly_accessible:
            return
        for name in dict.fromkeys(link.source for link in links_to(world, component.id)):
            if stands_outside(world, name, vpc):
                message = f"{name} has no way into {vpc}, where {component.id} is."
                yield self.finding(component.id, name, message=message)


class NoSnapshots(ComponentRule):
    """A warehouse without snapshots."""

    id = "RDS021"
    title = "Redshift without snapshots"
    severity = "warning"
    class_ = "resilience"
    kinds = ("redshift_cluster",)
    reads = ()
    why = "A cluster lives in one zone; when that is lost, a snapshot is all it can come back from."
    fix = "Keep automatic snapshots, and copy them to another region."
    sources = (f"{_DOCS}redshift/latest/mgmt/working-with-snapshots.html",)
    facts = ("redshift-single-az-01", "redshift-snapshots-auto-01", "redshift-snapshots-region-01")
    example_bad = NETWORK + "  dw: {kind: redshift_cluster, subnets: [app-a, app-b], snapshot_retention: 0}\n"
    example_good = NETWORK + "  dw: {kind: redshift_cluster, subnets: [app-a, app-b], snapshot_retention: 7}\n"
    example_finds = ("dw",)

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look at the days."""
        if properties(component, RedshiftProperties).snapshot_retention == 0:
            message = f"{component.id} makes no snapshots, and its zone is its only one."
            yield self.finding(component.id, message=message, path=("snapshot_retention",))

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Keep them a week."""
        return (set_property(finding.subject, ("snapshot_retention",), 7),)


class NoQuorum(ComponentRule):
    """A search domain that loses its quorum with one node or zone."""

    id = "DAT002"
    title = "Search domain with fewer than three data nodes, or in one zone"
    severity = "warning"
    class_ = "resilience"
    kinds = ("opensearch_domain",)
    why = "Without a majority of its nodes a domain takes no more writes; two nodes lose it with the first of them."
    fix = "Run three data nodes and three dedicated masters over three zones."
    sources = (f"{_DOCS}opensearch-service/latest/developerguide/managedomains-multiaz.html",)
    facts = ("opensearch-definition-01",)
    example_bad = NETWORK + "  find: {kind: opensearch_domain, subnets: [app-a, app-b]}\n"
    example_good = NETWORK + "  find: {kind: opensearch_domain, data_nodes: 3, subnets: [app-a, app-b]}\n"
    example_finds = ("find",)

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Count data nodes, masters and zones; an even number of masters decides no better than one less."""
        domain = properties(component, OpenSearchProperties)
        one_zone = len(zones_of(world, domain.subnets)) == 1
        fixable = not one_zone or bool(add_zone(world, component.id, domain.subnets))
        if domain.data_nodes < 3:
            message = f"{component.id} has {domain.data_nodes} data node(s)."
            yield self.finding(component.id, message=message, fixable=fixable)
        elif one_zone:
            yield self.finding(component.id, message=f"All nodes of {component.id} are in one zone.", fixable=fixable)
        elif domain.master_nodes in (1, 2):
            message = f"{component.id} has {domain.master_nodes} dedicated master(s), which cannot lose one."
            yield self.finding(component.id, message=message)

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Have three of each that is there, in two zones at least."""
        name = finding.subject
        domain = as_kind(world, name, OpenSearchProperties)
        if domain is None or not finding.fixable:
            return ()
        edits = list(add_zone(world, name, domain.subnets) if len(zones_of(world, domain.subnets)) == 1 else ())
        if domain.data_nodes < 3:
            edits.append(set_property(name, ("data_nodes",), 3))
        if domain.master_nodes in (1, 2):
            edits.append(set_property(name, ("master_nodes",), 3))
        return (join(f"give {name} a quorum that can lose a node", edits),)
