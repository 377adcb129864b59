"""The inspector's form follows the schema."""

from __future__ import annotations

from archtui.model.component import Component
from archtui.model.docs import described
from archtui.services import registry
from archtui.tui.form import FieldRow, form_rows


def form(kind: str, **raw: object) -> dict[tuple[str | int, ...], FieldRow]:
    found = registry()[kind]
    component = Component("it", found, found.properties.model_validate(raw), raw)  # type: ignore[arg-type]
    return {row.path: row for row in form_rows(component)}


def test_what_the_document_says_is_told_from_what_aws_assumes() -> None:
    rows = form("vpc", cidr="10.0.0.0/16")
    assert rows[("cidr",)].written
    assert not rows[("tenancy",)].written
    assert rows[("tenancy",)].value == "default"


def test_enumerations_and_booleans_offer_their_choices() -> None:
    rows = form("rds")
    assert rows[("multi_az",)].choices == ("true", "false")
    assert "postgres" in rows[("engine",)].choices


def test_references_name_the_kinds_they_take() -> None:
    rows = form("subnet", vpc="vpc", az="a", cidr="10.0.0.0/24")
    assert rows[("vpc",)].widget == "reference"
    assert rows[("vpc",)].kinds == ("vpc",)


def test_lists_of_references_and_of_groups_unfold() -> None:
    rows = form("alb", subnets=["a", "b"], listeners=[{"port": 443, "forward": "web"}])
    assert rows[("subnets",)].widget == "list"
    assert rows[("subnets", 1)].value == "b"
    assert rows[("listeners", 0, "port")].value == "443"
    assert rows[("listeners", 0, "forward", 0, "target_group")].value == "web"


def test_names_of_the_document_are_used_not_those_of_the_code() -> None:
    rows = form("security_group", ingress=[{"port": 22, "from": "10.0.0.0/8"}])
    assert rows[("ingress", 0, "from")].value == "10.0.0.0/8"
    assert rows[("ingress", 0, "port")].value == "22"


def test_groups_unfold_with_their_defaults() -> None:
    rows = form("target_group", health_check={"path": "/up"})
    assert rows[("health_check", "path")].written
    assert rows[("health_check", "interval")].value == "30"
    assert not rows[("health_check", "interval")].written


def test_every_kind_has_a_form_in_which_every_field_is_explained() -> None:
    for kind in registry():
        for name in kind.properties.model_fields:
            assert described(kind.properties, name), f"{kind.name}.{name} is not explained"
