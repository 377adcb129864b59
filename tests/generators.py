"""Generated AWS-like designs: the same for the same seed, for benchmarks and for random tests."""

from __future__ import annotations

import random

from archtui.model.component import Json

ZONES = ("a", "b", "c")
_PORTS = (80, 443, 3306, 5432, 6379, 8080, 8443, 9000)
_ENGINES = ("postgres", "mysql", "mariadb")


class _Design:
    def __init__(self, seed: int, region: str) -> None:
        self.random = random.Random(seed)
        self.region = region
        self.components: dict[str, Json] = {}
        self.links: list[Json] = []
        self.vpcs = 0

    def add(self, name: str, kind: str, **properties: Json) -> str:
        self.components[name] = {"kind": kind, **properties}
        return name

    def vpc(self, instances: int) -> None:
        """Add one network: public, application and data subnets in three zones, tiers of services in it."""
        number = self.vpcs
        self.vpcs += 1
        base = f"10.{number % 256}"
        vpc = self.add(f"v{number}", "vpc", cidr=f"{base}.0.0/16")
        gateway = self.add(f"{vpc}-igw", "internet_gateway", vpc=vpc)
        public = self.add(f"{vpc}-public", "route_table", vpc=vpc, routes=[{"to": "0.0.0.0/0", "via": gateway}])
        subnets: dict[str, list[str]] = {"public": [], "app": [], "data": []}
        for index, zone in enumerate(ZONES):
            front = self._subnet(vpc, "public", zone, f"{base}.{index}.0/24", public)
            address = self.add(f"{vpc}-eip-{zone}", "elastic_ip")
            nat = self.add(f"{vpc}-nat-{zone}", "nat_gateway", subnet=front, elastic_ip=address)
            private = self.add(f"{vpc}-app-{zone}-rt", "route_table", vpc=vpc, routes=[{"to": "0.0.0.0/0", "via": nat}])
            subnets["public"].append(front)
            subnets["app"].append(self._subnet(vpc, "app", zone, f"{base}.{16 + 4 * index}.0/22", private))
            subnets["data"].append(self._subnet(vpc, "data", zone, f"{base}.{64 + 4 * index}.0/22", None))
        tier = 0
        while instances > 0:
            size = min(instances, self.random.randint(2, 8))
            self._tier(vpc, tier, size, subnets)
            instances -= size
            tier += 1

    def _subnet(self, vpc: str, tier: str, zone: str, cidr: str, table: str | None) -> str:
        own: dict[str, Json] = {"route_table": table} if table else {}
        return self.add(f"{vpc}-{tier}-{zone}", "subnet", vpc=vpc, az=zone, cidr=cidr, **own)

    def _tier(self, vpc: str, tier: int, size: int, subnets: dict[str, list[str]]) -> None:
        """Add a balancer, its servers and now and then a database, each with a security group of its own."""
        stem = f"{vpc}-t{tier}"
        port = self.random.choice(_PORTS)
        front = self.add(f"{stem}-lb-sg", "security_group", vpc=vpc, ingress=[{"port": 443, "from": "0.0.0.0/0"}])
        rules: list[Json] = [{"port": port, "from": front}]
        rules += [
            {"port": self.random.choice(_PORTS), "from": f"10.0.{n}.0/24"} for n in range(self.random.randint(0, 3))
        ]
        group = self.add(f"{stem}-sg", "security_group", vpc=vpc, ingress=rules)
        servers = [
            self.add(
                f"{stem}-i{number}",
                "ec2_instance",
                subnet=subnets["app"][number % len(ZONES)],
                security_groups=[group],
                listens=[{"port": port}],
            )
            for number in range(size)
        ]
        targets = self.add(
            f"{stem}-tg", "target_group", vpc=vpc, port=port, targets=list[Json](servers), health_check={"path": "/up"}
        )
        self.add(
            f"{stem}-lb",
            "application_load_balancer",
            subnets=list[Json](subnets["public"]),
            security_groups=[front],
            listeners=[{"port": 80, "forward": targets}],
        )
        if self.random.random() < 0.5:
            engine = self.random.choice(_ENGINES)
            inner = self.add(
                f"{stem}-db-sg", "security_group", vpc=vpc, ingress=[{"port": 5432, "from": group}], egress=[]
            )
            database = self.add(
                f"{stem}-db",
                "db_instance",
                engine=engine,
                port=5432,
                multi_az=self.random.random() < 0.5,
                subnets=list[Json](subnets["data"]),
                security_groups=[inner],
            )
            self.links += [{"from": server, "to": database, "port": 5432} for server in servers]


def design(components: int, seed: int = 0, region: str = "eu-west-1") -> dict[str, Json]:
    """Return a design (plain data) of about ``components`` written components, never fewer.

    Networks of some 150 instances each: balancers in public subnets, servers behind them in private
    ones with a NAT gateway in each zone, databases in subnets without any way out.
    """
    made = _Design(seed, region)
    while len(made.components) < components:
        left = components - len(made.components)
        made.vpc(max(1, min(150, left * 2 // 3)))
    links: list[Json] = made.links
    return {
        "blueprint": f"Generated design of {len(made.components)} components",
        "version": 1,
        "region": region,
        "components": made.components,
        "links": links,
    }
