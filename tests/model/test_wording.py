"""A wrong value is refused in the words of whoever wrote it, with the remedy."""

from __future__ import annotations

import pytest

from archtui.formats.yaml_text import read_yaml
from archtui.model.blueprint import Blueprint
from archtui.model.errors import InputError
from archtui.services import registry

PLACES = """\
components:
  vpc: {kind: vpc, cidr: 10.0.0.0/16}
"""


@pytest.mark.parametrize(
    ("component", "said"),
    [
        ("{kind: rds, engine: oracel}", "engine: 'oracel' is not known here; did you mean 'oracle'?"),
        ("{kind: api_gateway, protocol: http}", "protocol: 'http' is not known here; did you mean 'HTTP'?"),
        ("{kind: vpc, cidr: 10.1.0.0/16, tenancy: 7}", "tenancy: 7 is not known here; use one of default, dedicated"),
        ("{kind: rds, multi_az: yes}", "multi_az: 'yes' is neither true nor false; write true"),
        ("{kind: rds, multi_az: 1}", "multi_az: 1 is neither true nor false; write true or false"),
        ("{kind: rds, port: '5432'}", "port: '5432' is not a whole number; write 5432, without quotes"),
        ("{kind: rds, port: true}", "port: True is not a whole number; write one, like 3"),
        ("{kind: rds, port: 1.5}", "port: 1.5 is not a whole number; write one, like 3"),
        ("{kind: rds, port: 70000}", "port: 70000 is too large; the most is 65535"),
        ("{kind: rds, port: 0}", "port: 0 is too small; the least is 1"),
        ("{kind: ec2, label: 5}", "label: 5 is not a text; put it in quotes: '5'"),
        ("{kind: ec2, label: [a]}", "label: a list is not a text; write one word or text"),
        ("{kind: alb, subnets: s}", "subnets: 's' is not a list; write [s]"),
        ("{kind: alb, subnets: {a: b}}", "subnets: a mapping is not a list; start each entry with '- '"),
        ("{kind: alb, listeners: [7]}", "listeners.0: 7 is not a mapping; write its properties as {name: value}"),
        ("{kind: ec2, public_ip: 5m}", "public_ip: '5m' is not an IP address; write it like 10.0.0.10"),
        ("{kind: vpc, cidr: 5}", "cidr: this is not a CIDR block; write a text like 10.0.0.0/16"),
        ("{kind: target_group, slow_start: [5]}", "slow_start: this is not a duration; write 90s, 5m, 2h or a number"),
        ("{kind: rds, engine: " + "x" * 5000 + "}", "engine: '" + "x" * 39 + "... is not known here; use one of mysql"),
    ],
)
def test_one_sentence_and_its_remedy(component: str, said: str) -> None:
    with pytest.raises(InputError) as refused:
        Blueprint.build(read_yaml(f"{PLACES}  it: {component}\n"), registry())
    [problem] = refused.value.problems
    assert f"{problem.what}; {problem.remedy}".startswith(said)


@pytest.mark.parametrize("value", ["110%", "soon", "nan", "inf", "true", "0", "-5%", "1_0%"])
def test_an_availability_is_a_share(value: str) -> None:
    text = f"{PLACES}journeys: [{{name: j, from: internet, to: vpc, reaches: vpc, slo: {value}}}]\n"
    with pytest.raises(InputError, match="is not an availability; write it like"):
        Blueprint.build(read_yaml(text), registry())
