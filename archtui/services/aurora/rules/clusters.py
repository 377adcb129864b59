"""RDS014-RDS016: clusters that stand alone, and who needs or cannot reach a proxy."""

from __future__ import annotations

from collections.abc import Iterator

from archtui.check.finding import Finding
from archtui.check.rule import LINKS, ComponentRule, Rule, properties
from archtui.model.component import Component, Json
from archtui.model.edits import Edit, add_component, append_to, join, set_property, unused_id
from archtui.services.aurora.properties import DbClusterProperties
from archtui.services.database_access import redirected
from archtui.services.examples import NETWORK
from archtui.services.lambda_.concurrency import allowed, needed
from archtui.services.lambda_.properties import LambdaFunctionProperties
from archtui.services.lookups import as_kind, links_to, zones_of
from archtui.services.rds.connections import connections_of
from archtui.services.rds.properties import DbInstanceProperties
from archtui.services.spread import add_zone
from archtui.services.vpc_ways import stands_outside
from archtui.world.world import World

_GUIDE = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/"
_AURORA = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/"
_FAMILIES = {"mysql": "MYSQL", "mariadb": "MYSQL", "postgres": "POSTGRESQL", "sqlserver": "SQLSERVER"}


class FleetWithoutProxy(Rule):
    """A function that opens more connections than its database takes."""

    id = "RDS014"
    title = "Lambda fleet connects without a proxy"
    severity = "warning"
    class_ = "performance"
    kinds = ("db_instance", "lambda_function")
    reads = (LINKS, "security_group")
    why = "Each environment of a function opens connections of its own; under load the database refuses the next one."
    fix = "Put an RDS Proxy between them, which shares its connections among all environments."
    sources = (f"{_GUIDE}rds-proxy.html", f"{_GUIDE}CHAP_Limits.html")
    facts = ("rds_proxy-lambda-01", "rds_proxy-pool-01")
    _DESIGN = (
        NETWORK
        + """\
  app: {kind: security_group, vpc: vpc}
  data: {kind: security_group, vpc: vpc, ingress: [{port: 5432, from: app}]}
  fn: {kind: lambda_function, subnets: [app-a, app-b], security_groups: [app], reserved_concurrency: %d}
  db: {kind: rds, engine: postgres, multi_az: true, subnets: [app-a, app-b], security_groups: [data]}
links: [{from: fn, to: db}]
"""
    )
    example_bad = _DESIGN % 500
    example_good = _DESIGN % 50
    example_finds = ("db", "fn")

    def check(self, world: World) -> Iterator[Finding]:
        """Compare the calls that run at once with the connections."""
        for index, link in enumerate(world.blueprint.links):
            function = as_kind(world, link.source, LambdaFunctionProperties)
            database = as_kind(world, link.target, DbInstanceProperties)
            if function is None or database is None:
                continue
            takes = connections_of(database)
            wanted = needed(function) or allowed(world.components[link.source], function, world)
            if takes is not None and wanted > takes:
                message = f"{link.source} may run {wanted:g} times at once; {link.target} takes {takes} connections."
                fixable = self._proxied(world, index) is not None
                yield self.finding(link.target, link.source, message=message, fixable=fixable, detail=(index,))

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Put a proxy in between, in the function's groups, which the database lets in already."""
        edit = self._proxied(world, int(finding.detail[0])) if finding.fixable else None
        return (edit,) if edit else ()

    @staticmethod
    def _proxied(world: World, index: int) -> Edit | None:
        link = world.blueprint.links[index]
        function = as_kind(world, link.source, LambdaFunctionProperties)
        database = as_kind(world, link.target, DbInstanceProperties)
        if function is None or database is None or database.engine not in _FAMILIES:
            return None
        group = next((name for name in function.security_groups if name in world.blueprint.components), None)
        if group is None or not all(name in world.blueprint.components for name in database.subnets):
            return None
        proxy = unused_id(world.components, f"{link.target}-proxy")
        body: dict[str, Json] = {
            "target": link.target,
            "engine_family": _FAMILIES[database.engine],
            "subnets": list(database.subnets),
            "security_groups": list(function.security_groups),
        }
        rule: Json = {"port": database.listener_port, "from": "self", "description": f"{link.source} to {proxy}"}
        if database.port is not None:
            body["port"] = database.port
        edits = (
            add_component(proxy, "db_proxy", body),
            append_to(world.blueprint, group, ("ingress",), rule),
            redirected(world, index, proxy),
        )
        return join(f"put the proxy {proxy} before {link.target}", edits)


class ProxyFromOutside(ComponentRule):
    """A proxy that somebody outside its VPC asks."""

    id = "RDS015"
    title = "RDS Proxy reached from outside its VPC"
    severity = "error"
    class_ = "reachability"
    kinds = ("db_proxy",)
    why = "A proxy has private addresses alone; who has no way into its VPC does not reach it."
    fix = "Place the client in the VPC, or give its network a way there: a peering, a transit gateway, a VPN."
    sources = (f"{_GUIDE}rds-proxy.html",)
    facts = ("rds_proxy-vpc-only-01",)
    _DESIGN = (
        NETWORK
        + """\
  db: {kind: rds, engine: postgres, multi_az: true, subnets: [app-a, app-b]}
  pool: {kind: db_proxy, target: db, subnets: [app-a, app-b]}
  fn: {kind: lambda_function%s}
links: [{from: fn, to: pool}]
"""
    )
    example_bad = _DESIGN % ""
    example_good = _DESIGN % ", subnets: [app-a, app-b]"
    example_finds = ("pool", "fn")

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look at the places of its clients and of the journeys to it."""
        vpc = world.placement(component.id).vpc
        journeys = [item.source for item in world.blueprint.journeys if item.to == component.id and not item.blocked]
        clients = dict.fromkeys((*(link.source for link in links_to(world, component.id)), *journeys))
        for name in clients:
            if vpc is not None and stands_outside(world, name, vpc):
                named = (name,) if name in world.components else ()
                yield self.finding(
                    component.id, *named, message=f"{name} has no way into {vpc}, where {component.id} is."
                )


class LonelyWriter(ComponentRule):
    """An Aurora cluster without a reader."""

    id = "RDS016"
    title = "Aurora cluster with one instance"
    severity = "warning"
    class_ = "resilience"
    kinds = ("db_cluster",)
    why = (
        "The data survives, but nothing can take over: Aurora starts a new instance, which takes about ten minutes, "
        "instead of promoting a reader in about one."
    )
    fix = "Add a reader in another zone."
    sources = (f"{_AURORA}Concepts.AuroraHighAvailability.html",)
    facts = ("aurora-single-instance-01", "aurora-failover-01")
    example_bad = NETWORK + "  db: {kind: db_cluster, instances: 1, subnets: [app-a, app-b]}\n"
    example_good = NETWORK + "  db: {kind: db_cluster, instances: 2, subnets: [app-a, app-b]}\n"
    example_finds = ("db",)

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Count the instances; the secondary of a global database is a copy of its own."""
        cluster = properties(component, DbClusterProperties)
        if cluster.is_aurora and cluster.instances == 1 and cluster.replica_of is None:
            yield self.finding(component.id, message=f"{component.id} has one instance and nothing that takes over.")

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Add a reader, in a second zone where there is none yet."""
        cluster = as_kind(world, finding.subject, DbClusterProperties)
        if cluster is None:
            return ()
        wider = add_zone(world, finding.subject, cluster.subnets) if len(zones_of(world, cluster.subnets)) == 1 else ()
        edits = (*wider, set_property(finding.subject, ("instances",), 2))
        return (join(f"add a reader to {finding.subject}", edits),)
