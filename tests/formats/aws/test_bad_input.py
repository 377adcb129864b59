"""Bad input is told with file and remedy; one bad file among good ones does not stop the import."""

from __future__ import annotations

import copy
import json
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archtui.formats.aws import import_aws
from archtui.model.blueprint import Blueprint
from archtui.model.component import Json
from archtui.model.errors import InputError
from archtui.services import registry
from archtui.world.compiler import compile_world
from tests.formats.aws.account import account, imported, write

VPCS = json.dumps({"Vpcs": account()["Vpcs"]})
BAD: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "the file is empty"),
    "blank": (b" \n ", "the file is empty"),
    "truncated": (VPCS[:-20].encode(), "the JSON ends in the middle"),
    "cut in a text": (VPCS[:20].encode(), "the JSON ends in the middle"),
    "binary": (bytes(range(128, 256)), "not a text file"),
    "yaml": (b"Vpcs:\n  - VpcId: vpc-1\n", "not JSON"),
    "list": (b"[1, 2]", "a list without the key"),
    "number": (b"7", "no list"),
    "something else": (b'{"AWSTemplateFormatVersion": "2010-09-09", "Resources": {}}', "not what a describe command"),
    "no list": (b'{"Vpcs": "none"}', "Vpcs is not a list"),
    "nested": (b"[" * 100_000, "nested too deep"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_alone_is_refused_with_its_name_and_a_remedy(tmp_path: Path, name: str) -> None:
    content, what = BAD[name]
    file = tmp_path / "input.json"
    file.write_bytes(content)
    with pytest.raises(InputError) as caught:
        import_aws(file, registry())
    (problem,) = caught.value.problems
    assert what in problem.what
    assert problem.remedy
    assert problem.location
    assert problem.location.file == str(file)


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_among_good_ones_is_said_and_the_rest_imported(tmp_path: Path, name: str) -> None:
    content, what = BAD[name]
    folder = write(tmp_path / "input", account())
    (folder / "zz.json").write_bytes(content)
    result, blueprint = imported(folder)
    assert len(blueprint.components) == 9
    assert [(u.type, what in u.why, "zz.json" in u.id) for u in result.unsupported] == [("file", True, True)]
    assert len(result.problems) == 1


def test_the_place_of_a_syntax_error_is_said(tmp_path: Path) -> None:
    file = tmp_path / "input.json"
    file.write_text('{"Vpcs": [\n  {"VpcId": }]}', encoding="utf-8")
    with pytest.raises(InputError) as caught:
        import_aws(file, registry())
    location = caught.value.problems[0].location
    assert location
    assert (location.line, location.column) == (2, 13)


@pytest.mark.parametrize("name", ["missing", "empty-folder"])
def test_nothing_to_read_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty-folder").mkdir()
    with pytest.raises(InputError) as caught:
        import_aws(tmp_path / name, registry())
    assert name in str(caught.value)


@pytest.mark.parametrize(
    ("key", "field", "value", "why"),
    [
        ("Vpcs", "CidrBlock", None, "CidrBlock is missing"),
        ("Vpcs", "CidrBlock", "10.0.0.0/99", "not an address block"),
        ("Subnets", "AvailabilityZone", None, "AvailabilityZone is missing"),
        ("Subnets", "Ipv6Native", True, "neither an IPv4 nor an IPv6 block"),
        ("Subnets", "SubnetId", "sub net", "cannot have this id"),
        ("NetworkInterfaces", "PrivateIpAddresses", [{"PrivateIpAddress": "x"}], "not an IP address"),
    ],
)
def test_a_resource_that_cannot_be_used_is_said(tmp_path: Path, key: str, field: str, value: Json, why: str) -> None:
    document = account()
    record = document[key][0]
    assert isinstance(record, dict)
    record[field] = value
    result, _ = imported(write(tmp_path / "input", document))
    assert any(why in u.why for u in result.unsupported)


def test_two_descriptions_that_disagree_are_said(tmp_path: Path) -> None:
    folder = write(tmp_path / "input", account())
    changed = json.dumps({"Vpcs": account()["Vpcs"]}).replace("10.0.0.0/16", "10.9.0.0/16")
    (folder / "later.json").write_text(changed, encoding="utf-8")
    result, _ = imported(folder)
    assert ("vpc", "vpc-1") in [(u.type, u.id) for u in result.unsupported if "twice" in u.why]


def paths_in(data: Json, here: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    found = [here] if here else []
    entries = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, inner in entries:
        found += paths_in(inner, (*here, key))
    return found


PATHS = paths_in(json.loads(json.dumps(account())))
values = st.sampled_from(
    [None, "", 0, -1, 7, True, [], {}, [[]], [{}], ["x"], {"x": []}, "vpc-1", "sg-1", "10.0.0.0/8", "é\u0000"]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(PATHS), values), min_size=1, max_size=4))
def test_whatever_a_description_holds_the_import_ends_in_a_design_or_a_refusal(
    changes: list[tuple[tuple[str | int, ...], Json]],
) -> None:
    document: Json = json.loads(json.dumps(account()))
    for path, value in changes:
        here: Json = document
        for step in path[:-1]:
            here = _inside(here, step)
        _put(here, path[-1], copy.deepcopy(value))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "all.json"
        file.write_text(json.dumps(document), encoding="utf-8")
        try:
            result = import_aws(file, registry())
        except InputError:
            return
    blueprint = Blueprint.build(result.data, registry())
    assert blueprint.components.keys() <= compile_world(blueprint).components.keys()


def _inside(box: Json, step: str | int) -> Json:
    if isinstance(box, dict) and isinstance(step, str):
        return box.get(step)
    return box[step] if isinstance(box, list) and isinstance(step, int) and step < len(box) else None


def _put(box: Json, step: str | int, value: Json) -> None:
    if isinstance(box, dict) and isinstance(step, str):
        box[step] = value
    elif isinstance(box, list) and isinstance(step, int) and step < len(box):
        box[step] = value
