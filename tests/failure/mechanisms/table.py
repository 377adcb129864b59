"""A design for every entry of the failover table, in which the entry's mechanism is at work."""

from __future__ import annotations

import textwrap
from pathlib import Path

from tests.failure.designs import SHOP, balancer, network, scaling_group, server
from tests.failure.mechanisms.case import Mechanism
from tests.services.eks.shop import DESIGN

_BLUEPRINTS = Path(__file__).resolve().parents[3] / "blueprints"


def _text(components: str, journey: str, links: tuple[str, ...] = ()) -> str:
    listed = "".join(f"\n  - {{{link}}}" for link in links) or " []"
    return (
        f"blueprint: mechanism\nregion: eu-west-1\ncomponents:\n{components}\n"
        f"links:{listed}\njourneys:\n  - {{name: {SHOP}, {journey}}}\n"
    )


def _lines(text: str) -> str:
    return textwrap.indent(textwrap.dedent(text).strip("\n"), "  ")


# -- stores that an application asks ----------------------------------------------------------------

_APP = f"""{network(zones="abc")}
  data-sg: {{kind: security_group, vpc: vpc, ingress: [{{port: all, protocol: tcp, from: app-sg}}]}}
{server("app", "net-c")}
"""
_PLACE = "subnets: [net-a, net-b], security_groups: [data-sg]"
_ASKS = ("from: app, to: db",)


def _store(kind: str, settings: str = "", more: str = "", links: tuple[str, ...] = _ASKS) -> str:
    place = "" if "subnets:" in settings else f", {_PLACE}"
    extra = f", {settings}" if settings else ""
    return _text(
        f"{_APP}  db: {{kind: {kind}{extra}{place}}}\n{more}",
        "from: internet, to: app, protocol: http, port: 8080, reaches: app",
        links,
    ).replace("from: lb-sg}", "from: 0.0.0.0/0}")


def _regional(component: str, link: str, endpoint: str = "") -> str:
    """An application that asks an API of the region."""
    return _store("s3_bucket, label: unused", more=f"{component}{endpoint}", links=(link,)).replace(
        f"  db: {{kind: s3_bucket, label: unused, {_PLACE}}}\n", ""
    )


_ZONE = ("az:eu-west-1a",)
_PROXY = f"  pool: {{kind: db_proxy, target: db, {_PLACE.replace('data-sg', 'data-sg, app-sg')}}}\n"
_POOL_SG = "  pool-sg: {kind: security_group, vpc: vpc, ingress: [{port: all, protocol: tcp, from: app-sg}]}\n"
_FAR = f"""{network("far-", "10.9", "ab", "eu-central-1")}
"""
_COPY = "  copy: {kind: db_cluster, subnets: [far-net-a, far-net-b], security_groups: [far-db-sg], replica_of: db}\n"
_REPLICA = "  rep: {kind: rds, engine: postgres, subnets: [net-c], security_groups: [data-sg], replica_of: db}\n"

_STORES = (
    Mechanism("rds.multi_az_instance", _store("rds", "engine: postgres, multi_az: true"), _ZONE, "db"),
    Mechanism("rds.multi_az_instance", _store("rds", "engine: postgres, multi_az: true"), ("db",), "db"),
    Mechanism("rds.multi_az_cluster", _store("db_cluster", "engine: postgres"), _ZONE, "db"),
    Mechanism("rds.single_az", _store("rds", "engine: postgres, az: a"), _ZONE, "db"),
    Mechanism("rds.read_replica", _store("rds", "engine: postgres, az: a", _REPLICA), ("db",), "rep"),
    Mechanism("aurora.cluster_with_replica", _store("db_cluster", "instances: 2"), _ZONE, "db"),
    Mechanism("aurora.cluster_no_replica", _store("db_cluster", "instances: 1"), _ZONE, "db"),
    Mechanism("aurora.global_database", _store("db_cluster", more=_FAR + _COPY), ("region:eu-west-1",), "copy"),
    Mechanism("rds.proxy", _store("rds", "engine: postgres, multi_az: true", _PROXY, ("from: app, to: pool",)),
              ("db",), "pool", beside="rds.multi_az_instance"),
    Mechanism("elasticache.redis_multi_az",
              _store("elasticache_cluster", "replicas: 1, automatic_failover: true, multi_az: true"), _ZONE, "db"),
    Mechanism("elasticache.memcached", _store("elasticache_cluster", "engine: memcached"), ("db",), "db"),
    Mechanism("memorydb.multi_az", _store("memorydb_cluster", "replicas: 1"), _ZONE, "db"),
    Mechanism("redshift", _store("redshift_cluster"), _ZONE, "db"),
    Mechanism("zonal_resource", _store("efs_file_system", "one_zone: true"), _ZONE, "db", also="efs.one_zone"),
)  # fmt: skip

# -- what goes on without a zone --------------------------------------------------------------------


def _named(text: str) -> str:
    """A VPC whose resolver gives the private names of endpoints."""
    return text.replace("cidr: 10.0.0.0/16}", "cidr: 10.0.0.0/16, dns_hostnames: true}")


_CALLS_S3 = 'from: app, to: files, action: "s3:GetObject"'
_CALLS_SQS = 'from: app, to: jobs, action: "sqs:SendMessage"'
_CALLS_TABLE = 'from: app, to: orders, action: "dynamodb:GetItem"'
_GATEWAY = "  way: {kind: gateway_endpoint, vpc: vpc, service: dynamodb, route_tables: [rt]}\n"
_INTERFACE = (
    "  way: {kind: interface_endpoint, vpc: vpc, service: sqs, subnets: [net-a, net-b], security_groups: [data-sg]}\n"
)
_TABLE = "  orders: {kind: dynamodb_table}\n"
_STEADY = (
    Mechanism("dynamodb.table", _regional(_TABLE, _CALLS_TABLE), _ZONE, "orders", harm="none", keeps=False),
    Mechanism("vpc_endpoint.gateway", _regional(_TABLE, _CALLS_TABLE, _GATEWAY), _ZONE, "way", harm="none"),
    Mechanism("vpc_endpoint.interface",
              _named(_regional("  jobs: {kind: sqs_queue}\n", _CALLS_SQS, _INTERFACE)),
              _ZONE, "way", harm="none"),
    Mechanism("regional_service", _regional("  files: {kind: s3_bucket}\n", _CALLS_S3), _ZONE, "files", harm="none",
              also="s3"),
    Mechanism("regional_service",
              _regional("  jobs: {kind: sqs_queue}\n", _CALLS_SQS), _ZONE, "jobs", harm="none", also="sqs"),
    Mechanism("regional_service",
              _regional("  news: {kind: sns_topic}\n  inbox: {kind: sqs_queue}\n",
                        'from: app, to: news, action: "sns:Publish"'), _ZONE, "news", harm="none", also="sns"),
    Mechanism("regional_service",
              _regional("  work: {kind: lambda_function}\n", 'from: app, to: work, action: "lambda:InvokeFunction"'),
              _ZONE, "work", harm="none", also="lambda"),
    Mechanism("regional_service", _store("efs_file_system"), ("az:eu-west-1b",), "db", harm="none",
              also="efs.standard"),
)  # fmt: skip


# -- balancers, groups, names -----------------------------------------------------------------------


def _shop(targets: str = "a, b", check: str = "", reaches: str = "a", more: str = "") -> str:
    servers = more or f"{server('a', 'net-a')}\n{server('b', 'net-b')}"
    return _text(
        f"{network()}\n{balancer(targets=targets, check=check)}\n{servers}",
        f"from: internet, to: lb, protocol: http, port: 80, reaches: {reaches}",
    )


def _regions(check: str = "interval: 30, failure_threshold: 3", ttl: int = 60) -> str:
    def site(stem: str, cidr: str, region: str) -> str:
        servers = [server(f"{stem}app-{zone}", f"{stem}net-{zone}", stem) for zone in "ab"]
        targets = balancer(stem, "ab", f"{stem}app-a, {stem}app-b")
        return "\n".join([network(stem, cidr, "ab", region), targets, *servers])

    names = _lines(f"""
        zone: {{kind: hosted_zone, name: example.com}}
        hc: {{kind: health_check, type: HTTP, target: p-lb, {check}}}
        first: {{kind: record, zone: zone, name: www, alias: p-lb, ttl: {ttl}, policy: failover, set_id: p,
          failover: primary, health_check: hc}}
        second: {{kind: record, zone: zone, name: www, alias: s-lb, policy: failover, set_id: s, failover: secondary}}
    """)
    return _text(
        f"{site('p-', '10.0', 'eu-west-1')}\n{site('s-', '10.1', 'eu-central-1')}\n{names}",
        "from: internet, request: 'GET http://www.example.com/', reaches: p-app-a",
    )


_ECS = _lines("""
    cluster: {kind: ecs_cluster}
    recipe: {kind: ecs_task_definition, listens: [{port: 8080}]}
    svc: {kind: ecs_service, cluster: cluster, task_definition: recipe, desired: 2, start_time: 40s,
      subnets: [net-a, net-b], security_groups: [app-sg], load_balancers: [{target_group: web, container_port: 8080}]}
""")
_GROUP = scaling_group(boot="90s")
_BALANCED = (
    Mechanism("alb.target", _shop(), ("a",), "web", harm="degraded",
              settings={"interval": 30, "unhealthy_threshold": 2}),
    Mechanism("alb.target", _shop(check="interval: 10, unhealthy_threshold: 3"), ("a",), "web", harm="degraded",
              settings={"interval": 10, "unhealthy_threshold": 3}),
    Mechanism("alb.node", _shop(targets="b", reaches="b"), ("net-a",), "lb", harm="degraded"),
    Mechanism("regional_service", _shop(targets="b", reaches="b"), ("az:eu-west-1a",), "lb", harm="degraded",
              also="alb"),
    Mechanism("regional_service", _shop(targets="b", reaches="b"), ("az:eu-west-1a",), "igw", harm="degraded",
              also="igw"),
    Mechanism("asg.instance", _shop("", "", "asg", _GROUP), ("asg",), "asg", settings={"detect": 60, "boot_time": 90}),
    Mechanism("asg.instance", _shop("", "", "asg", scaling_group(", health_check_type: ELB", "2m")), ("asg",), "asg",
              settings={"detect": 60, "boot_time": 120}),
    Mechanism("ecs.task", _shop("", "", "svc", _ECS).replace("port: 8080, targets: []", "port: 8080, target_type: ip"),
              ("svc",), "svc", settings={"detect": 60, "start_time": 40}),
    Mechanism("ec2.recovery", _shop("a", reaches="a", more=server("a", "net-a")), ("a",), "a"),
    Mechanism("zonal_resource", _shop("a", reaches="a", more=server("a", "net-a", more="runs: database")),
              ("az:eu-west-1a",), "a", also="instance"),
    Mechanism("route53.failover_record", _regions(), ("region:eu-west-1",), "first",
              settings={"interval": 30, "failure_threshold": 3, "ttl": 60}),
    Mechanism("route53.failover_record", _regions("interval: 10, failure_threshold: 3"), ("p-lb",), "first",
              settings={"interval": 10, "failure_threshold": 3, "ttl": 60}),
)  # fmt: skip

# -- ways out and ways in ---------------------------------------------------------------------------

_PRIVATE = f"""{network()}
  inner: {{kind: route_table, vpc: vpc, routes: [{{to: 0.0.0.0/0, via: nat}}]}}
  app-net: {{kind: subnet, vpc: vpc, az: b, cidr: 10.0.20.0/24, route_table: inner}}
  old-net: {{kind: subnet, vpc: vpc, az: a, cidr: 10.0.21.0/24, route_table: inner}}
{server("app", "app-net")}
{server("old", "old-net")}
"""
_NAT = "  nat: {kind: nat_gateway, subnet: net-a, elastic_ip: eip}\n  eip: {kind: eip}\n"
_OUT = "from: app, to: internet, protocol: tcp, port: 443, reaches: internet"
_HYBRID = (_BLUEPRINTS / "hybrid.yaml").read_text(encoding="utf-8")
_WAYS = (
    Mechanism("nat_gateway.zonal", _text(f"{_PRIVATE}{_NAT}", _OUT), _ZONE,
              "nat"),
    Mechanism("nat_gateway.regional",
              _text(f"{_PRIVATE}  nat: {{kind: nat_gateway, vpc: vpc, availability_mode: regional}}\n", _OUT), _ZONE,
              "nat", harm="none"),
    Mechanism("direct_connect.bfd", _HYBRID, ("line",), "channel", keeps=False, convergence=True),
    Mechanism("direct_connect.bgp", _HYBRID.replace(", bfd: true", ""), ("line",), "channel", keeps=False,
              convergence=True),
    Mechanism("direct_connect.single", _HYBRID, ("line", "vpn", "vpn-2"), "line", keeps=False),
    Mechanism("vpn.site_to_site", _HYBRID, ("line", "vpn:tunnel-1", "vpn-2"), "vpn", settings={"dpd_timeout": 40},
              keeps=False, convergence=True),
)  # fmt: skip

_EDGE = _lines("""
    site: {kind: s3_bucket}
    spare: {kind: s3_bucket}
    cdn: {kind: cloudfront_distribution, default: {origin: both},
      origins: [{id: pages, to: site, access: oac}, {id: other, to: spare, access: oac}],
      origin_groups: [{id: both, primary: pages, secondary: other}]}
""")
_ACCELERATED = _lines("""
    accel: {kind: global_accelerator, listeners: [{ports: 8080, groups: [
      {region: eu-west-1, endpoints: [{to: p-app}]}, {region: eu-central-1, endpoints: [{to: s-app}]}]}]}
    reader: {kind: client, address: 203.0.113.10, region: eu-west-1}
""")
_TWO = "\n".join(
    [
        network("p-"),
        network("s-", "10.1", "ab", "eu-central-1"),
        server("p-app", "p-net-a", "p-"),
        server("s-app", "s-net-a", "s-"),
        _ACCELERATED,
    ]
)
_TWO = _TWO.replace("from: p-lb-sg", "from: 0.0.0.0/0").replace("from: s-lb-sg", "from: 0.0.0.0/0")


def _worldwide(more: str) -> str:
    """A table in two regions, which an application of a third one asks in the first."""
    table = f"  orders: {{kind: dynamodb_table, replicas: [eu-central-1]{more}}}\n"
    return _regional(table, _CALLS_TABLE)


_WORLD = (
    Mechanism("cloudfront.origin_group",
              _text(_EDGE, "from: internet, to: cdn, protocol: https, port: 443, reaches: site"), ("site",), "cdn",
              settings={"attempts": 3, "timeout": 10}, harm="degraded", each_request=True, keeps=False),
    Mechanism("global_accelerator",
              _text(_TWO, "from: reader, to: accel, protocol: tcp, port: 8080, reaches: p-app"), ("p-app",), "accel",
              settings={"interval": 30, "threshold": 3}, keeps=False),
    Mechanism("dynamodb.global_table_MREC", _worldwide(""), ("region:eu-west-1",), "orders"),
    Mechanism("dynamodb.global_table_MRSC", _worldwide(", multi_region_consistency: strong"), ("region:eu-west-1",),
              "orders"),
    Mechanism("zonal_resource", _regional("  files: {kind: s3_bucket, storage_class: ONEZONE_IA, az: a}\n", _CALLS_S3),
              _ZONE, "files", also="s3.one_zone_ia"),
)  # fmt: skip

_KUBERNETES = DESIGN.replace(
    "journeys: []",
    "journeys:\n  - {name: basket, from: internet, request: 'GET http://shop.example/basket', reaches: api}\n",
)
_PODS = (
    Mechanism("eks.pod", _KUBERNETES, ("api",), "api", settings={"detect": 50, "toleration": 300, "start_time": 60}),
    Mechanism("eks.endpoints", _KUBERNETES, ("workers:asg:1", "az:eu-west-1a"), "api-svc", harm="degraded",
              settings={"detect": 50}, beside="alb.target"),
)  # fmt: skip


def _copied(more: str) -> str:
    rule = f"replication: [{{to: copy{more}}}]"
    buckets = (
        f"  files: {{kind: s3_bucket, versioning: true, {rule}}}\n"
        "  copy: {kind: s3_bucket, versioning: true, region: eu-central-1}\n"
    )
    return _regional(buckets, _CALLS_S3)


_COPIES = (
    Mechanism("s3.replication", _copied(""), ("files",), "files"),
    Mechanism("s3.replication_time_control", _copied(", time_control: true"), ("files",), "files"),
)

CASES = (*_COPIES, *_PODS, *_WORLD, *_STORES, *_STEADY, *_BALANCED, *_WAYS)

NOT_KNOWN_TO_HELP = {"ec2.recovery"}
"""Mechanisms that AWS runs by itself but that help in some cases only, which the design does not tell apart."""

NOT_MODELLED = {
    "zonal_resource/ebs": "volumes are no components: a volume is its instance's, and lost with it",
}
"""Entries, or further components of one, that no design shows, each with the reason."""
