"""What an environment expands to: the parts that Beanstalk builds by CloudFormation.

Sources: Elastic Beanstalk Developer Guide, "Load-balanced, scalable environments", "Single-instance environments" (an
Elastic IP and an Auto Scaling group of one), "Worker environments" (a queue, a dead-letter queue, a daemon on each
instance), "Configuring Amazon VPC".
"""

from __future__ import annotations

from archtui.model.component import Component, Json
from archtui.services.beanstalk.properties import BeanstalkEnvironmentProperties
from archtui.services.vpc.defaults import NeedsDefaultVpc, subnets_for, vpc_of
from archtui.world.expand import Draft, Expands

HTTP, HTTPS = 80, 443
ENVIRONMENT_STARTS = NeedsDefaultVpc(
    "beanstalk_environment", lambda component: not getattr(component.properties, "subnets", ())
)


def part(environment: str, which: str) -> str:
    """Return the id of a part that Beanstalk builds: ``asg``, ``lb``, ``instance``, ``queue``, ..."""
    return f"{environment}:{which}"


class ExpandsEnvironment(Expands):
    """An environment is its Auto Scaling group, its balancer or Elastic IP, its security groups and its queue."""

    order = 32

    def expand(self, component: Component, draft: Draft) -> None:
        environment = component.properties
        if not isinstance(environment, BeanstalkEnvironmentProperties):
            return
        name = component.id
        home = environment.region or draft.blueprint.region
        subnets: list[Json] = list(environment.subnets) or subnets_for(draft, home)
        vpc = vpc_of(draft, [str(subnet) for subnet in subnets])
        inside: dict[str, Json] = {"vpc": vpc} if vpc else {}
        single = environment.environment_type == "single_instance"
        balanced = environment.tier == "web" and not single
        source = part(name, "lb-sg") if balanced else "0.0.0.0/0"
        opening: list[Json] = [{"port": HTTP, "from": source}] if environment.tier == "web" else []
        draft.add(part(name, "sg"), "security_group", {**inside, "description": f"of {name}", "ingress": opening})
        draft.add(part(name, "template"), "launch_template", self._machine(name, environment))
        group: dict[str, Json] = {"subnets": subnets, "launch_template": part(name, "template")}
        group |= {"min": 1, "max": 1} if single else {"min": environment.min, "max": environment.max}
        if single:
            machine: dict[str, Json] = {
                "subnet": subnets[0] if subnets else None,
                "auto_scaling_group": part(name, "asg"),
            }
            machine["launch_template"] = part(name, "template")
            draft.add(part(name, "instance"), "ec2_instance", machine)
            group["instances"] = [part(name, "instance")]
            if environment.tier == "web":
                draft.add(part(name, "eip"), "elastic_ip", {"attached_to": part(name, "instance")})
        if balanced:
            self._balance(name, environment, subnets, inside, draft)
            group["target_groups"] = [part(name, "tg")]
        draft.add(part(name, "asg"), "auto_scaling_group", group)
        filled: dict[str, Json] = {"subnets": subnets}
        if environment.tier == "worker":
            filled["queue"] = self._queue(name, environment, draft)
        draft.share_links(name, (part(name, "asg"),))
        draft.fill(name, filled)

    @staticmethod
    def _machine(name: str, environment: BeanstalkEnvironmentProperties) -> dict[str, Json]:
        programs: list[Json] = [{"port": HTTP}]
        if environment.listens is not None:
            programs = [item.model_dump(exclude_none=True) for item in environment.listens]
        found: dict[str, Json] = {
            "instance_type": environment.instance_type,
            "boot_time": environment.boot_time,
            "security_groups": [part(name, "sg"), *environment.security_groups],
            "listens": programs,
        }
        return {**found, "role": environment.role} if environment.role else found

    @staticmethod
    def _balance(
        name: str,
        environment: BeanstalkEnvironmentProperties,
        subnets: list[Json],
        inside: dict[str, Json],
        draft: Draft,
    ) -> None:
        group, balancer = part(name, "tg"), part(name, "lb")
        listeners: list[Json] = [{"port": HTTP, "protocol": "HTTP", "forward": group}]
        if environment.certificate:
            secure: Json = {
                "port": HTTPS,
                "protocol": "HTTPS",
                "certificate": environment.certificate,
                "forward": group,
            }
            listeners.append(secure)
        rules: list[Json] = [{"port": HTTP, "from": "0.0.0.0/0"}]
        if environment.certificate:
            rules.append({"port": HTTPS, "from": "0.0.0.0/0"})
        described = f"of the balancer of {name}"
        draft.add(part(name, "lb-sg"), "security_group", {**inside, "description": described, "ingress": rules})
        check: Json = {"path": environment.health_check_path}
        draft.add(group, "target_group", {"port": HTTP, "health_check": check})
        scheme = "internal" if environment.elb_scheme == "internal" else "internet-facing"
        body: dict[str, Json] = {"scheme": scheme, "security_groups": [part(name, "lb-sg")], "listeners": listeners}
        draft.add(balancer, "application_load_balancer", {**body, "subnets": list(environment.elb_subnets) or subnets})

    @staticmethod
    def _queue(name: str, environment: BeanstalkEnvironmentProperties, draft: Draft) -> str:
        if environment.queue:
            return environment.queue
        dead = part(name, "dead-letters")
        draft.add(dead, "sqs_queue", {})
        redrive: Json = {"queue": dead, "max_receive_count": environment.max_retries}
        settings: dict[str, Json] = {"visibility_timeout": environment.visibility_timeout, "dead_letter": redrive}
        draft.add(part(name, "queue"), "sqs_queue", settings)
        return part(name, "queue")


__all__ = ["ENVIRONMENT_STARTS", "ExpandsEnvironment", "part"]
