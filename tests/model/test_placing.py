"""Where a new component goes: into the selection, else into the only VPC of the document's own."""

from __future__ import annotations

import pytest

from archtui.formats.blueprint_file import loads
from archtui.model.component import Json
from archtui.model.docs import described
from archtui.model.placing import Placing
from archtui.services import registry
from archtui.services.vpc.properties import SubnetProperties
from archtui.world.compiler import compile_world

NETWORK = """
region: eu-west-1
components:
  vpc: {kind: vpc, cidr: 10.0.0.0/16}
  public-a: {kind: subnet, vpc: vpc, az: a, cidr: 10.0.0.0/24}
  public-b: {kind: subnet, vpc: vpc, az: b, cidr: 10.0.1.0/24}
  app-a: {kind: subnet, vpc: vpc, az: a, cidr: 10.0.10.0/24}
  app-b: {kind: subnet, vpc: vpc, az: b, cidr: 10.0.11.0/24}
  web: {kind: ec2, subnet: app-b}
  zone: {kind: hosted_zone, name: example.com}
  faraway: {kind: alb}
"""
OTHER = """  other: {kind: vpc, cidr: 10.1.0.0/16}
  other-a: {kind: subnet, vpc: other, az: a, cidr: 10.1.0.0/24}
"""


def placed(kind: str, selected: str | None, text: str = NETWORK) -> dict[str, Json]:
    kinds = registry()
    return Placing(compile_world(loads(text, kinds).blueprint), kinds[kind], selected).properties


@pytest.mark.parametrize(
    ("kind", "selected", "expected"),
    [
        ("ec2_instance", "app-b", {"subnet": "app-b"}),
        ("ec2_instance", "web", {"subnet": "app-b"}),
        ("ec2_instance", "zone", {"subnet": "public-a"}),
        ("ec2_instance", None, {"subnet": "public-a"}),
        ("alb", "vpc", {"subnets": ["public-a", "public-b"]}),
        ("alb", "faraway", {"subnets": ["public-a", "public-b"]}),
        ("alb", "eu-west-1:default-vpc", {}),
        ("rds", "app-b", {"subnets": ["app-a", "app-b"]}),
        ("rds", "web", {"subnets": ["app-a", "app-b"]}),
        ("vpc_endpoint", "app-b", {"vpc": "vpc"}),
        ("hosted_zone", "vpc", {}),
    ],
)
def test_a_new_component_goes_where_the_selection_is(
    kind: str, selected: str | None, expected: dict[str, Json]
) -> None:
    assert placed(kind, selected) == expected


def test_between_several_vpcs_only_the_selection_decides() -> None:
    assert placed("alb", "other", NETWORK + OTHER) == {"subnets": ["other-a"]}
    assert placed("alb", "zone", NETWORK + OTHER) == {}


def test_without_a_vpc_of_its_own_aws_decides() -> None:
    assert placed("alb", None, "region: eu-west-1\ncomponents:\n  web: {kind: ec2}\n") == {}


def test_a_description_is_plain_text() -> None:
    assert described(SubnetProperties, "az").endswith("a letter (a) or the full name (eu-west-1a).")
