"""RDS001-RDS005, RDS018, RDS023: where a database stands and who gets to it."""

from __future__ import annotations

from collections.abc import Iterator

from archtui.check.finding import Finding
from archtui.check.rule import ComponentRule, properties
from archtui.model.component import Component
from archtui.model.edits import Edit, set_property
from archtui.services.admission import admit
from archtui.services.ec2.lookups import ends_of
from archtui.services.elb.properties import LoadBalancerProperties
from archtui.services.examples import NETWORK
from archtui.services.lookups import admits, as_kind, is_public, links_to, zones_of
from archtui.services.private_places import off_the_internet
from archtui.services.rds.lookups import replicas_of
from archtui.services.rds.properties import DbInstanceProperties
from archtui.services.route53.lookups import record_sets, targets_of
from archtui.services.spread import add_zone
from archtui.world.world import World

_GUIDE = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/"
_MULTI_AZ = f"{_GUIDE}Concepts.MultiAZSingleStandby.html"
_VPC = f"{_GUIDE}USER_VPC.WorkingWithRDSInstanceinaVPC.html"
_GROUPS = f"{_GUIDE}Overview.RDSSecurityGroups.html"
_KINDS = ("db_instance",)


class SingleZone(ComponentRule):
    """A database without a standby."""

    id = "RDS001"
    title = "Database in a single availability zone"
    severity = "error"
    class_ = "resilience"
    kinds = _KINDS
    reads = ()
    why = "When its host or zone fails, the database is gone until somebody restores a backup, minutes of data lost."
    fix = "Turn Multi-AZ on: a synchronous standby in another zone takes over under the same name."
    sources = (_MULTI_AZ, f"{_GUIDE}Concepts.MultiAZ.Failover.html")
    facts = ("rds_multi_az_instance-standby-01", "rds_multi_az_instance-failover-01", "rds-storage-01")
    example_bad = "components:\n  db: {kind: rds, engine: postgres}\n"
    example_good = "components:\n  db: {kind: rds, engine: postgres, multi_az: true}\n"
    example_finds = ("db",)

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look for the standby; a read replica is not a database of its own."""
        database = properties(component, DbInstanceProperties)
        if not database.multi_az and database.replica_of is None:
            yield self.finding(component.id, message=f"{component.id} has no standby in another zone.")

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Turn Multi-AZ on."""
        return (set_property(finding.subject, ("multi_az",), True),)


class PublicSubnet(ComponentRule):
    """A database whose subnet group holds a subnet with an internet route."""

    id = "RDS002"
    title = "Database in a public subnet"
    severity = "error"
    class_ = "security"
    kinds = _KINDS
    why = "A route to the internet gateway is all that is needed beside a public address; the data belongs behind it."
    fix = "Use subnets without a route to an internet gateway."
    sources = (_VPC, f"{_GUIDE}CHAP_BestPractices.Security.html")
    facts = ("rds-private-01", "arch_tiered-three-01", "rds-subnet-group-01")
    example_bad = NETWORK + "  db: {kind: rds, multi_az: true, subnets: [public-a, public-b]}\n"
    example_good = NETWORK + "  db: {kind: rds, multi_az: true, subnets: [app-a, app-b]}\n"
    example_finds = ("db", "public-a", "public-b")

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look at the routes of its subnets; those of a default VPC are public and there is no other choice."""
        subnets = properties(component, DbInstanceProperties).subnets
        public = [name for name in subnets if name in world.components and is_public(world, name)]
        if not public:
            return
        if all(world.components[name].implicit for name in public):
            yield self.finding(
                component.id,
                message=f"{component.id} is in the default VPC, whose subnets all have an internet route.",
                severity="warning",
                fix="Give the database a VPC with subnets that have no route to an internet gateway.",
                fixable=False,
            )
        else:
            yield self.finding(
                component.id,
                *public,
                message=f"{component.id} is in {', '.join(public)}, which has a route to the internet.",
                path=("subnets",),
                fixable=bool(self._edits(world, component.id)),
            )

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Close the subnets where only databases are in them; otherwise move to others of the same VPC."""
        return self._edits(world, finding.subject) if finding.fixable else ()

    @staticmethod
    def _edits(world: World, name: str) -> tuple[Edit, ...]:
        database = as_kind(world, name, DbInstanceProperties)
        return off_the_internet(world, name, database.subnets, DbInstanceProperties) if database else ()


class PubliclyAccessible(ComponentRule):
    """A database with a public address."""

    id = "RDS003"
    title = "Database is publicly accessible"
    severity = "error"
    class_ = "security"
    kinds = _KINDS
    reads = ()
    why = "Its name then resolves to a public address outside the VPC; one open security-group rule exposes the data."
    fix = "Turn public access off; clients inside the VPC keep working."
    sources = (f"{_GUIDE}USER_VPC.WorkingWithRDSInstanceinaVPC.html#USER_VPC.Hiding",)
    facts = ("rds-private-01",)
    example_bad = "components:\n  db: {kind: rds, multi_az: true, publicly_accessible: true}\n"
    example_good = "components:\n  db: {kind: rds, multi_az: true}\n"
    example_finds = ("db",)

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look at the switch."""
        if properties(component, DbInstanceProperties).publicly_accessible:
            message = f"{component.id} has a public address."
            yield self.finding(component.id, message=message, path=("publicly_accessible",))

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Turn it off."""
        return (set_property(finding.subject, ("publicly_accessible",), False),)


class GroupInOneZone(ComponentRule):
    """A DB subnet group of a single zone."""

    id = "RDS004"
    title = "DB subnet group in one availability zone"
    severity = "error"
    class_ = "resilience"
    kinds = _KINDS
    why = "AWS wants subnets of two zones in a DB subnet group: a standby and a restore need somewhere else to go."
    fix = "Add a subnet of another zone to the subnet group."
    sources = (_VPC, _MULTI_AZ)
    facts = ("rds-subnet-group-01", "rds_multi_az_instance-region-01")
    example_bad = NETWORK + "  db: {kind: rds, multi_az: true, subnets: [app-a]}\n"
    example_good = NETWORK + "  db: {kind: rds, multi_az: true, subnets: [app-a, app-b]}\n"
    example_finds = ("db", "app-a")

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Compare the zones of its subnets."""
        subnets = properties(component, DbInstanceProperties).subnets
        zones = zones_of(world, subnets)
        if len(zones) == 1:
            message = f"The subnets of {component.id} are all in {zones[0]}."
            fixable = bool(add_zone(world, component.id, subnets))
            yield self.finding(component.id, *subnets, message=message, path=("subnets",), fixable=fixable)

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Add a subnet of another zone, a new one if need be."""
        return add_zone(world, finding.subject, finding.components[1:])


class ClosedToApplication(ComponentRule):
    """An application that the database's security groups do not let in."""

    id = "RDS005"
    title = "Application cannot reach the database port"
    severity = "error"
    class_ = "reachability"
    kinds = _KINDS
    why = "A security group drops what no rule admits; the application waits for a connection that never comes."
    fix = "Let the application's security group in at the database's group, on the engine's port."
    sources = (_GROUPS,)
    facts = ("rds-sg-01", "security_group-db-port-01", "security_group-default-deny-01")
    example_bad = """\
components:
  web: {kind: ec2, metadata_tokens: required, security_groups: [web-sg]}
  db: {kind: rds, engine: postgres, multi_az: true, security_groups: [db-sg]}
  web-sg: {kind: security_group}
  db-sg: {kind: security_group, ingress: [{port: 3306, from: web-sg}]}
links: [{from: web, to: db}]
"""
    example_good = example_bad.replace("port: 3306", "port: 5432")
    example_finds = ("db-sg", "db", "web")

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Hold each link against the rules of the database's groups."""
        database = properties(component, DbInstanceProperties)
        own = ends_of(world, component.id)
        if not own.groups:
            return
        for link in links_to(world, component.id):
            if link.source not in world.components:
                continue
            port = link.port or database.listener_port
            caller = ends_of(world, link.source)
            if not caller.groups or admits(world, own.groups, caller.peer, port):
                continue
            first, *others = dict.fromkeys(own.groups)
            yield self.finding(
                first,
                *others,
                component.id,
                link.source,
                message=f"{', '.join(own.groups)} does not let {link.source} in on port {port} of {component.id}.",
                fixable=bool(admit(world, own.groups, caller.peer, port, "")),
                detail=(component.id, link.source, port),
            )

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Add the rule."""
        name, caller, port = finding.detail
        groups = ends_of(world, str(name)).groups
        return admit(world, groups, ends_of(world, str(caller)).peer, int(port), f"{caller} to {name}")


class OneRegionOfData(ComponentRule):
    """Two regions answer for a name, and the data is in one of them."""

    id = "RDS018"
    title = "Two regions serve the name, but the data is in one"
    severity = "warning"
    class_ = "resilience"
    kinds = _KINDS
    why = "When the database's region is lost the other one answers, without its data."
    fix = "Keep a read replica in the other region, to be promoted when the first is lost."
    sources = (f"{_GUIDE}USER_ReadRepl.XRgn.html",)
    facts = ("rds_read_replica-placement-01", "rds_read_replica-global-01", "rds_multi_az_instance-region-01")
    example_bad = """\
region: eu-west-1
components:
  here: {kind: vpc, cidr: 10.0.0.0/16}
  here-a: {kind: subnet, vpc: here, az: a, cidr: 10.0.0.0/24}
  here-b: {kind: subnet, vpc: here, az: b, cidr: 10.0.1.0/24}
  there: {kind: vpc, cidr: 10.1.0.0/16, region: eu-central-1}
  there-a: {kind: subnet, vpc: there, az: a, cidr: 10.1.0.0/24}
  there-b: {kind: subnet, vpc: there, az: b, cidr: 10.1.1.0/24}
  lb-here: {kind: alb, subnets: [here-a, here-b]}
  lb-there: {kind: alb, subnets: [there-a, there-b]}
  zone: {kind: hosted_zone, name: example.com}
  one: {kind: record, zone: zone, name: '@', alias: lb-here, evaluate_target_health: true,
        policy: failover, failover: primary, set_id: one}
  two: {kind: record, zone: zone, name: '@', alias: lb-there, policy: failover, failover: secondary, set_id: two}
  db: {kind: rds, multi_az: true, subnets: [here-a, here-b]}
"""
    example_good = example_bad + "  copy: {kind: rds, replica_of: db, subnets: [there-a, there-b]}\n"
    example_finds = ("db", "lb-there")

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Compare the regions of a name's balancers with those of the database and its replicas."""
        database = properties(component, DbInstanceProperties)
        home = world.placement(component.id).region
        if database.replica_of:
            return
        replicas = {world.placement(name).region for name in replicas_of(world, component.id)}
        for ends in world.part(_shared_names):
            regions = {name: world.placement(name).region for name in ends}
            bare = [name for name, region in regions.items() if region != home and region not in replicas]
            if home in regions.values() and bare:
                others = ", ".join(sorted({regions[name] for name in bare}))
                message = f"{component.id} is in {home} alone, while {others} serves the same name."
                yield self.finding(component.id, *bare, message=message)
                return


def _shared_names(world: World) -> tuple[tuple[str, ...], ...]:
    """Return, for each name under a routing policy, the balancers it leads to, where they are several."""
    found: list[tuple[str, ...]] = []
    for members in record_sets(world).values():
        ends = [name for _, record in members if record.policy != "simple" for name in targets_of(world, record)]
        balancers = tuple(name for name in ends if as_kind(world, name, LoadBalancerProperties))
        if len(balancers) > 1:
            found.append(balancers)
    return tuple(found)


class SameZoneTwice(ComponentRule):
    """A zone for the primary or the standby that cannot be used."""

    id = "RDS023"
    title = "Zone of the primary or standby does not fit"
    severity = "error"
    class_ = "correctness"
    kinds = _KINDS
    why = "Primary and standby are in different zones, and each in a zone of the DB subnet group."
    fix = "Name zones of the subnet group, two different ones, or leave the choice to AWS."
    sources = (_MULTI_AZ, _VPC)
    facts = ("rds_multi_az_instance-region-01", "rds-subnet-group-01")
    example_bad = NETWORK + "  db: {kind: rds, multi_az: true, subnets: [app-a, app-b], az: a, standby_az: a}\n"
    example_good = example_bad.replace("standby_az: a", "standby_az: b")
    example_finds = ("db",)

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Compare the zones it names with each other and with its subnets."""
        database = properties(component, DbInstanceProperties)
        region = world.placement(component.id).region
        known = zones_of(world, database.subnets)
        full = {key: _full(value, region) for key, value in (("az", database.az), ("standby_az", database.standby_az))}
        if database.multi_az and full["az"] and full["az"] == full["standby_az"]:
            message = f"{component.id} has its primary and its standby in {full['az']}."
            yield self.finding(component.id, message=message, path=("standby_az",), detail=("standby_az",))
        for key, zone in full.items():
            if zone and known and zone not in known:
                message = f"{component.id} names {zone}, but its subnets are in {', '.join(known)}."
                path = (key,) if key in component.raw else ()
                yield self.finding(component.id, message=message, path=path, fixable=bool(path), detail=(key,))

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Take a zone of the subnet group that is not taken."""
        database = as_kind(world, finding.subject, DbInstanceProperties)
        if database is None or not finding.fixable:
            return ()
        region = world.placement(finding.subject).region
        key = str(finding.detail[0])
        other = _full(database.az if key == "standby_az" else database.standby_az, region)
        free = [zone for zone in zones_of(world, database.subnets) if zone != other]
        return (set_property(finding.subject, (key,), free[0]),) if free else ()


def _full(zone: str | None, region: str) -> str | None:
    return f"{region}{zone}" if zone and len(zone) == 1 else zone
