"""ELB005-ELB008, ELB019: targets, and what the balancer asks them."""

from __future__ import annotations

from collections.abc import Iterator

from archtui.check.finding import Finding
from archtui.check.rule import ComponentRule, properties
from archtui.model.component import Component, Json
from archtui.model.edits import Edit, clear_property, join, set_property
from archtui.model.operations import Path
from archtui.services.admission import admit
from archtui.services.ec2.lookups import ends_of, listens_of, service_on, status_of, written_as
from archtui.services.ec2.properties import Service
from archtui.services.elb.lookups import (
    BALANCERS,
    Registered,
    balancers_of,
    forwardings,
    health_port,
    health_protocol,
    registered,
    status_matches,
)
from archtui.services.elb.properties import TargetGroupProperties
from archtui.services.lookups import admits, as_kind
from archtui.world.world import World

_HEALTH = "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html"
_GROUPS = "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-target-groups.html"
_TROUBLE = "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-troubleshooting.html"
_FILTERS = (
    "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-update-security-groups.html"
)

_SERVED = """\
components:
  lb: {kind: alb, listeners: [{port: 80, forward: web}]}
  web-1: {kind: ec2, listens: [{port: 8080, paths: {/: 200, /healthz: 200}}]}
"""


def _set_check(world: World, name: str, key: str, value: Json) -> Edit:
    """Return the edit that sets one property of the health check, whether the document has one or not."""
    written = world.blueprint.components[name].raw.get("health_check")
    if isinstance(written, dict):
        return set_property(name, ("health_check", key), value)
    return set_property(name, ("health_check",), {key: value})


class HealthCheckOff(ComponentRule):
    """A target group whose health check is switched off."""

    id = "ELB005"
    title = "Target group without health checks"
    severity = "warning"
    class_ = "resilience"
    kinds = ("target_group",)
    reads = ()
    why = "The balancer cannot tell a broken target from a working one and keeps sending requests to both."
    fix = "Turn the health check on and let it ask a path that shows whether the application works."
    sources = (_HEALTH,)
    facts = ("elb-health-01", "alb-health-01")
    example_bad = "components:\n  web: {kind: target_group, port: 80, health_check: {enabled: false}}\n"
    example_good = "components:\n  web: {kind: target_group, port: 80, health_check: {path: /healthz}}\n"
    example_finds = ("web",)

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look at the switch."""
        group = properties(component, TargetGroupProperties)
        if not group.health_check.enabled and group.target_type != "lambda":
            message = f"The health check of {component.id} is off."
            yield self.finding(component.id, message=message, path=("health_check", "enabled"))

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Turn it on."""
        return (_set_check(world, finding.subject, "enabled", True),)


class TargetsDoNotServe(ComponentRule):
    """Requests or health checks ask for something that no program on the target answers."""

    id = "ELB006"
    title = "Target group asks for a port, protocol or path that its targets do not serve"
    severity = "error"
    class_ = "correctness"
    kinds = ("target_group",)
    why = "Every health check fails, all targets count as unhealthy and clients get errors."
    fix = "Let the target group and its health check ask what the program on the targets answers."
    sources = (_HEALTH, _TROUBLE)
    facts = ("elb-health-01", "elb-health-02")
    example_bad = _SERVED + "  web: {kind: target_group, port: 8080, targets: [web-1], health_check: {path: /status}}\n"
    example_good = example_bad.replace("/status", "/healthz")
    example_finds = ("web", "web-1")

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Compare what is asked with what each target states it serves."""
        group = properties(component, TargetGroupProperties)
        if group.target_type not in ("instance", "ip"):
            return
        trouble: dict[tuple[str, str, Path], list[str]] = {}
        for member in registered(world, component.id):
            services = listens_of(world, member.name)
            if services is None or member.port is None:
                continue
            found = self._trouble(group, member, services)
            if found:
                trouble.setdefault(found, []).append(member.name)
        for (what, text, path), members in trouble.items():
            names = written_as(world, members)
            written = path if path and _is_in(world.blueprint.components[component.id].raw, path) else ()
            yield self.finding(
                component.id,
                *names,
                message=f"{component.id} {text} {', '.join(names)}.",
                path=written,
                fixable=bool(self._edits(world, component.id, what)),
                detail=(what,),
            )

    @staticmethod
    def _trouble(
        group: TargetGroupProperties, member: Registered, services: tuple[Service, ...]
    ) -> tuple[str, str, Path] | None:
        assert member.port is not None
        if service_on(services, member.port) is None:
            return "port", f"sends requests to port {member.port}, but nothing listens there on", ("port",)
        asked = health_port(group, member.port)
        service = service_on(services, asked) if asked else None
        if service is None:
            text = f"sends health checks to port {asked}, but nothing listens there on"
            return "health_port", text, ("health_check", "port")
        protocol = health_protocol(group)
        spoken = service.protocol.upper()
        if {protocol, spoken} == {"HTTP", "HTTPS"}:
            text = f"sends its health checks by {protocol}, but {spoken} is spoken on"
            return "protocol", text, ("health_check", "protocol")
        check = group.health_check
        if check.enabled and protocol in ("HTTP", "HTTPS") and spoken in ("HTTP", "HTTPS"):
            status = status_of(service, check.path)
            if not status_matches(check.matcher, status):
                text = f"asks {check.path} for its health check and expects {check.matcher}; {status} is the answer of"
                return "path", text, ("health_check", "path")
        return None

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Ask what all targets serve."""
        return self._edits(world, finding.subject, str(finding.detail[0]))

    @classmethod
    def _edits(cls, world: World, name: str, what: str) -> tuple[Edit, ...]:
        group = as_kind(world, name, TargetGroupProperties)
        stated = [
            (found, member)
            for member in registered(world, name)
            if (found := listens_of(world, member.name)) is not None
        ]
        if group is None or not stated:
            return ()
        if what == "port":
            ports = common_ports([services for services, _ in stated])
            own = any(target.port for target in group.targets)
            return (set_property(name, ("port",), ports[0]),) if len(ports) == 1 and not own else ()
        if what == "health_port":
            return (clear_property(name, ("health_check", "port")),)
        serving = [
            service
            for services, member in stated
            if (service := service_on(services, health_port(group, member.port) or 0))
        ]
        if what == "protocol":
            spoken = {service.protocol.upper() for service in serving}
            return (_set_check(world, name, "protocol", spoken.pop()),) if len(spoken) == 1 else ()
        path = _common_path(serving, group.health_check.matcher)
        return (_set_check(world, name, "path", path),) if path else ()


def _is_in(raw: object, path: Path) -> bool:
    for part in path:
        if not isinstance(raw, dict) or part not in raw:
            return False
        raw = raw[part]
    return True


def common_ports(stated: list[tuple[Service, ...]]) -> list[int]:
    """Return the ports that every target listens on, sorted."""
    return sorted(set.intersection(*({service.port for service in services} for services in stated)))


def _common_path(serving: list[Service], matcher: str) -> str | None:
    """Return a path that every service answers well, one made for health checks if there is one."""
    known = sorted({path for service in serving for path in service.paths or {} if "*" not in path})
    good = [path for path in known if all(status_matches(matcher, status_of(item, path)) for item in serving)]
    return min(good, key=lambda path: ("health" not in path, "status" not in path, path), default=None)


class TargetsDoNotAdmitBalancer(ComponentRule):
    """The targets' security groups do not let the balancer in."""

    id = "ELB007"
    title = "Targets do not admit the balancer on the traffic or health-check port"
    severity = "error"
    class_ = "reachability"
    kinds = ("target_group",)
    why = "Neither health checks nor requests get through; the balancer answers 503 or 504."
    fix = "Let the balancer's security group in at the targets' group, on the traffic and on the health-check port."
    sources = (_FILTERS, _TROUBLE)
    facts = ("elb-sg-01", "security_group-chain-01", "security_group-default-deny-01")
    example_bad = """\
components:
  lb: {kind: alb, security_groups: [lb-sg], listeners: [{port: 80, forward: web}]}
  web: {kind: target_group, port: 8080, targets: [web-1]}
  web-1: {kind: ec2, security_groups: [web-sg]}
  lb-sg: {kind: security_group, ingress: [{port: 80, from: any}]}
  web-sg: {kind: security_group, ingress: [{port: 80, from: lb-sg}]}
"""
    example_good = example_bad.replace("{port: 80, from: lb-sg}", "{port: 8080, from: lb-sg}")
    example_finds = ("web", "web-sg", "lb", "web-1")

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Compare the rules of the targets' groups with the balancers' groups and subnets."""
        group = properties(component, TargetGroupProperties)
        seen: dict[tuple[str, int, tuple[str, ...]], list[str]] = {}
        for balancer in balancers_of(world, component.id):
            ends = ends_of(world, balancer)
            if not ends.groups:
                continue
            for member in registered(world, component.id):
                filters = ends_of(world, member.name).groups
                ports = dict.fromkeys((member.port, health_port(group, member.port)))
                for port in ports:
                    if filters and port and not admits(world, filters, ends.peer, port):
                        seen.setdefault((balancer, port, filters), []).append(member.name)
        for (balancer, port, filters), members in seen.items():
            names = written_as(world, members)
            here = dict.fromkeys(name for name in filters if name in world.components)
            yield self.finding(
                component.id,
                *here,
                balancer,
                *names,
                message=f"{', '.join(filters)} does not let {balancer} in on port {port}, "
                f"which {component.id} uses for {', '.join(names)}.",
                fixable=bool(self._edits(world, component.id, balancer, port, members[0])),
                detail=(balancer, port, members[0]),
            )

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Use the port that is served and open if the one in use is neither; otherwise open it."""
        balancer, port, member = finding.detail
        return self._edits(world, finding.subject, str(balancer), int(port), str(member))

    @staticmethod
    def _edits(world: World, name: str, balancer: str, port: int, member: str) -> tuple[Edit, ...]:
        group = as_kind(world, name, TargetGroupProperties)
        ends, filters = ends_of(world, balancer), ends_of(world, member).groups
        stated = [listens_of(world, item.name) for item in registered(world, name)]
        known = [services for services in stated if services]
        if group and group.port == port and known and len(known) == len(stated):
            served = common_ports(known)
            if port not in served and len(served) == 1 and admits(world, filters, ends.peer, served[0]):
                return (set_property(name, ("port",), served[0]),)
        return admit(world, filters, ends.peer, port, f"from {balancer}")


class NoTargets(ComponentRule):
    """A listener that forwards to an empty target group."""

    id = "ELB008"
    title = "Listener forwards to a target group without targets"
    severity = "error"
    class_ = "reachability"
    kinds = BALANCERS
    why = "With nobody registered the balancer answers every such request with 503."
    fix = "Register instances or addresses in the group, or let an Auto Scaling group do it."
    sources = (_TROUBLE, _GROUPS)
    facts = ("target_group-role-01", "listener-role-01")
    example_bad = """\
components:
  lb: {kind: alb, listeners: [{port: 80, forward: web}]}
  web: {kind: target_group, port: 80}
"""
    example_good = """\
components:
  lb: {kind: alb, listeners: [{port: 80, forward: web}]}
  web: {kind: target_group, port: 80, targets: [web-1]}
  web-1: {kind: ec2}
"""
    example_finds = ("lb", "web")

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look into each group it forwards to."""
        for way in forwardings(world):
            group = as_kind(world, way.group, TargetGroupProperties)
            if way.balancer != component.id or group is None or group.target_type == "lambda" or not way.weight:
                continue
            if not registered(world, way.group):
                message = f"{component.id} forwards port {way.listener.port} to {way.group}, which has no targets."
                yield self.finding(component.id, way.group, message=message, path=way.path)


class NoDraining(ComponentRule):
    """A target group that cuts requests when a target leaves."""

    id = "ELB019"
    title = "Deregistration delay is zero"
    severity = "warning"
    class_ = "resilience"
    kinds = ("target_group",)
    reads = ()
    why = "Each deployment and each scale-in cuts the requests that the leaving target was still working on."
    fix = "Set a delay that covers the longest request; AWS's default is 300 seconds."
    sources = (
        "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-target-group-attributes.html",
        _GROUPS,
    )
    facts = ("elb-drain-01",)
    example_bad = "components:\n  web: {kind: target_group, port: 80, deregistration_delay: 0}\n"
    example_good = "components:\n  web: {kind: target_group, port: 80, deregistration_delay: 60}\n"
    example_finds = ("web",)

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look at the delay."""
        if properties(component, TargetGroupProperties).deregistration_delay == 0:
            message = f"Targets that leave {component.id} lose their open requests at once."
            yield self.finding(component.id, message=message, path=("deregistration_delay",))

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Give them a minute."""
        label = f"let leaving targets of {finding.subject} finish for 60 s"
        return (join(label, (set_property(finding.subject, ("deregistration_delay",), 60),)),)
