"""Blueprint files: errors with their places, saving, history, journal, migration."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from archtui.formats import blueprint_file, files, migrate
from archtui.formats.blueprint_file import BlueprintFile, load, loads
from archtui.formats.files import ChangedOnDisk, SaveError
from archtui.formats.journal import Journal, pending
from archtui.formats.opening import open_any, recognise
from archtui.model.component import Json
from archtui.model.edits import Edit, add_component, remove_component, rename_component, set_property
from archtui.model.errors import EditError, InputError
from archtui.model.operations import Operation, Rename, Set
from archtui.services import registry

SHOP = """\
# A shop
blueprint: Shop
components:
  vpc: {kind: vpc, cidr: 10.0.0.0/16}  # ours
  web: {kind: ec2}
"""


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    path = tmp_path / "shop.yaml"
    path.write_text(SHOP, encoding="utf-8")
    return path


def refusal(text: str) -> list[str]:
    with pytest.raises(InputError) as refused:
        loads(text, registry(), name="f.yaml")
    return str(refused.value).splitlines()


def test_all_problems_come_at_once_in_order_with_place_and_remedy() -> None:
    text = """\
blueprint: x
regoin: y
components:
  a b: {kind: ec2}
  vpc: {kind: vpc, cidr: 10.0.0.1/16}
  vpc: {kind: vpc, cidr: 10.0.0.0/16}
  s: {kind: subnett, vpc: vpc}
  t: {kind: subnet, vpc: vcp, az: a, cider: 10.0.0.0/24}
  u:
    kind: ec2
    security_groups: [nope]
links: [{from: u, to: uu}]
version: 1
"""
    assert refusal(text) == [
        "f.yaml:2:1: unknown key 'regoin'; did you mean 'region'?",
        "f.yaml:4:3: 'a b' is not a component id; use letters, digits, '-', '_' and '.'",
        "f.yaml:5:26: cidr: '10.0.0.1/16' has host bits set; write 10.0.0.0/16",
        "f.yaml:6:3: 'vpc' is given twice, first in line 5; remove one of the two or rename it",
        "f.yaml:7:13: unknown kind 'subnett'; did you mean 'subnet'?",
        "f.yaml:8:3: 'cidr' is missing; add 'cidr: ...'",
        "f.yaml:8:26: t.vpc names 'vcp', which does not exist; did you mean 'vpc'?",
        "f.yaml:8:38: unknown property 'cider'; did you mean 'cidr'?",
        "f.yaml:11:23: u.security_groups.0 names 'nope', which does not exist; "
        "add a component 'nope' of kind security_group",
        "f.yaml:12:23: 'uu' does not exist; did you mean 'u'?",
    ]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", "f.yaml:1:1: the file is empty; start with 'blueprint: TITLE'"),
        ("# only a comment\n", "f.yaml:1:1: the file is empty; start with 'blueprint: TITLE'"),
        ("just words", "f.yaml:1:1: a blueprint is a mapping; start with 'blueprint: TITLE' and 'components:'"),
        (
            "blueprint: x\nversion: 9\n",
            "f.yaml:2:10: the file has format version 9, this archtui reads up to 1; install a newer archtui",
        ),
        ("version: new\n", "f.yaml:1:10: version 'new' is not a format version; write 'version: 1'"),
        ("version: 0\n", "f.yaml:1:10: there is no format version 0; write 'version: 1'"),
        ("components: {}\nlinks: 5\n", "f.yaml:2:8: links is a list; start each entry with '- '"),
        (
            "components:\n  lb: {kind: alb, subnets: [internet]}\n",
            "f.yaml:2:29: lb.subnets.0 names the internet; name a subnet",
        ),
        ("region: Ireland\n", "f.yaml:1:9: 'Ireland' is not a region; write it like eu-west-1"),
        (
            "components:\n  vpc: {kind: vpc, cidr: 10.0.0.0/16, region: eu-west}\n",
            "f.yaml:2:47: region: 'eu-west' is not a region; write it like eu-west-1",
        ),
        (
            "components:\n  db: {kind: rds, az: ''}\n",
            "f.yaml:2:23: az: '' is not an availability zone; write its letter, like a, or eu-west-1a",
        ),
    ],
)
def test_one_problem(text: str, line: str) -> None:
    assert refusal(text) == [line]


def test_unreadable_files_are_refused_in_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def said(path: Path) -> str:
        with pytest.raises(InputError) as refused:
            load(path, registry())
        return str(refused.value).removeprefix(f"{path}")

    assert said(tmp_path / "no.yaml").startswith(": there is no such file;")
    assert said(tmp_path) == ": is a folder; name a file in it"
    latin = tmp_path / "latin.yaml"
    latin.write_bytes(b"a: 1\nb: caf\xe9\n")
    assert said(latin) == ":2:7: byte 0xe9 is not UTF-8; save the file in the encoding UTF-8"
    binary = tmp_path / "binary.yaml"
    binary.write_bytes(bytes(range(256)) * 4)
    assert "is not a text file" in said(binary)
    monkeypatch.setattr(files, "MAX_BYTES", 10)
    big = tmp_path / "big.yaml"
    with open(big, "wb") as file:
        file.truncate(50 * 1024 * 1024)
    assert said(big) == ": the file has 50 MB, the limit is 16 MB; split it or check the name"


def test_an_edit_is_saved_in_place_and_undone_to_the_byte(shop: Path) -> None:
    file = load(shop, registry())
    file.apply(set_property("vpc", ("cidr",), "10.1.0.0/16"))
    assert file.dirty
    file.save()
    assert not file.dirty
    assert shop.read_text() == SHOP.replace("10.0.0.0/16", "10.1.0.0/16")
    assert file.undo() is not None
    assert file.dirty
    file.save()
    assert shop.read_text() == SHOP


def test_undo_and_redo_walk_through_the_history(shop: Path) -> None:
    file = load(shop, registry())
    file.apply(rename_component(file.blueprint, "web", "server"))
    file.apply(remove_component(file.blueprint, "vpc"))
    texts = [file.text()]
    while file.undo():
        texts.append(file.text())
    assert texts[-1] == SHOP
    assert not file.dirty
    for text in reversed(texts[:-1]):
        file.redo()
        assert file.text() == text
    assert file.redo() is None
    file.undo()
    file.apply(set_property("server", ("state",), "stopped"))
    assert file.redo() is None


def test_an_edit_that_does_not_fit_changes_nothing(shop: Path) -> None:
    file = load(shop, registry())
    with pytest.raises(InputError):
        file.apply(set_property("vpc", ("cidr",), "nonsense"))
    with pytest.raises(EditError):
        file.apply(Edit("rename", (Rename(("components", "web"), "vpc"),)))
    assert file.text() == SHOP
    assert not file.dirty


def test_places_follow_edits(shop: Path) -> None:
    file = load(shop, registry())
    assert str(file.locate(("components", "web"))) == f"{shop}:5:3"
    file.apply(remove_component(file.blueprint, "vpc"))
    assert str(file.locate(("components", "web"))) == f"{shop}:4:3"


def test_what_somebody_else_wrote_is_not_overwritten(shop: Path, tmp_path: Path) -> None:
    file = load(shop, registry())
    file.apply(set_property("web", ("state",), "stopped"))
    shop.write_text(SHOP + "# theirs\n")
    with pytest.raises(ChangedOnDisk, match="was changed on disk"):
        file.save()
    assert shop.read_text() == SHOP + "# theirs\n"
    other = tmp_path / "other.yaml"
    other.write_text("mine")
    with pytest.raises(ChangedOnDisk, match="exists already"):
        file.save(str(other))
    file.save(force=True)
    assert "stopped" in shop.read_text()
    file.save(str(other), force=True)
    assert file.path == str(other)


def test_saving_keeps_mode_and_links_and_leaves_nothing_behind(shop: Path, tmp_path: Path) -> None:
    os.chmod(shop, 0o640)
    link = tmp_path / "link.yaml"
    link.symlink_to(shop)
    file = load(link, registry())
    file.apply(set_property("web", ("state",), "stopped"))
    file.save()
    assert link.is_symlink()
    assert "stopped" in shop.read_text()
    assert stat.S_IMODE(shop.stat().st_mode) == 0o640
    assert sorted(path.name for path in tmp_path.iterdir()) == ["link.yaml", "shop.yaml"]


@pytest.mark.parametrize("step", ["fsync", "replace"])
@pytest.mark.parametrize("stop", [KeyboardInterrupt, OSError(28, "No space left on device")])
def test_a_save_that_is_cut_short_loses_nothing(
    shop: Path, monkeypatch: pytest.MonkeyPatch, step: str, stop: BaseException | type[BaseException]
) -> None:
    def cut(*_: object) -> None:
        raise stop

    file = load(shop, registry())
    file.apply(set_property("web", ("state",), "stopped"))
    monkeypatch.setattr(os, step, cut)
    with pytest.raises((KeyboardInterrupt, SaveError)):
        file.save()
    monkeypatch.undo()
    assert shop.read_text() == SHOP
    assert [path.name for path in shop.parent.iterdir()] == ["shop.yaml"]
    assert file.dirty
    file.save()
    assert "stopped" in shop.read_text()


@pytest.mark.parametrize("text", [SHOP.replace("\n", "\r\n"), "\ufeff" + SHOP])
def test_line_ends_and_byte_order_mark_stay(tmp_path: Path, text: str) -> None:
    path = tmp_path / "shop.yaml"
    path.write_bytes(text.encode())
    file = load(path, registry())
    file.apply(set_property("vpc", ("cidr",), "10.1.0.0/16"))
    file.save()
    assert path.read_bytes() == text.replace("10.0.0.0", "10.1.0.0").encode()


# -- the journal -------------------------------------------------------------------------------------


def test_a_crash_loses_nothing(shop: Path, tmp_path: Path) -> None:
    folder = tmp_path / "journal"
    file = load(shop, registry())
    Journal(file, folder)
    file.apply(add_component("db", "rds", {"engine": "postgres"}))
    file.apply(set_property("web", ("state",), "stopped"))
    file.undo()
    lost = file.text()
    left = pending(str(shop), folder)
    assert left is not None
    assert "3 unsaved changes" in left.sentence
    again, journal = left.restore(registry(), folder)
    assert again.text() == lost
    assert again.dirty
    again.save()
    assert shop.read_text() == lost
    assert pending(str(shop), folder) is None
    assert not journal.failed


def test_a_save_and_a_clean_end_leave_no_journal(shop: Path, tmp_path: Path) -> None:
    folder = tmp_path / "journal"
    file = load(shop, registry())
    journal = Journal(file, folder)
    assert pending(str(shop), folder) is None
    file.apply(set_property("web", ("state",), "stopped"))
    file.save()
    assert list(folder.iterdir()) == []
    file.apply(set_property("web", ("state",), "running"))
    assert len(list(folder.iterdir())) == 1
    journal.close()
    assert list(folder.iterdir()) == []


def test_a_line_cut_in_the_middle_costs_that_line_alone(shop: Path, tmp_path: Path) -> None:
    folder = tmp_path / "journal"
    file = load(shop, registry())
    Journal(file, folder)
    file.apply(set_property("web", ("state",), "stopped"))
    file.apply(set_property("web", ("recovery",), False))
    place = next(folder.iterdir())
    place.write_text(place.read_text()[:-20])
    left = pending(str(shop), folder)
    assert left is not None
    assert len(left.edits) == 1


def test_the_journal_of_a_run_that_goes_on_is_no_crash(shop: Path, tmp_path: Path) -> None:
    folder = tmp_path / "journal"
    file = load(shop, registry())
    Journal(file, folder)
    file.apply(set_property("web", ("state",), "stopped"))
    place = next(folder.iterdir())
    place.write_text(place.read_text().replace(f'"pid": {os.getpid()}', f'"pid": {os.getppid()}'))
    assert pending(str(shop), folder) is None


def test_recovered_work_does_not_overwrite_what_came_after(shop: Path, tmp_path: Path) -> None:
    folder = tmp_path / "journal"
    file = load(shop, registry())
    Journal(file, folder)
    file.apply(set_property("web", ("state",), "stopped"))
    shop.write_text(SHOP + "# newer\n")
    left = pending(str(shop), folder)
    assert left is not None
    again, _ = left.restore(registry(), folder)
    with pytest.raises(ChangedOnDisk):
        again.save()


def test_work_without_a_state_folder_goes_on(shop: Path, tmp_path: Path) -> None:
    blocked = tmp_path / "blocked"
    blocked.write_text("")
    file = load(shop, registry())
    journal = Journal(file, blocked / "journal")
    file.apply(set_property("web", ("state",), "stopped"))
    assert journal.failed.startswith("changes are not journalled")


# -- versions ----------------------------------------------------------------------------------------


def test_an_older_file_is_brought_up_to_date_with_its_comments(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def from_0(data: dict[str, Json]) -> tuple[Operation, ...]:
        assert "title" in data
        return (Rename(("title",), "blueprint"),)

    monkeypatch.setattr(migrate, "MIGRATIONS", {0: from_0})
    monkeypatch.setattr(blueprint_file, "migration", lambda data: migrate.migration(data, migrate.MIGRATIONS))
    shop.write_text("# old\ntitle: Shop  # its name\nversion: 0\ncomponents: {}\n")
    file = load(shop, registry())
    assert file.blueprint.title == "Shop"
    assert "format version 0 to 1" in file.notes[0]
    assert file.text() == "# old\nblueprint: Shop  # its name\nversion: 1\ncomponents: {}\n"
    file.save()
    assert load(shop, registry()).notes == ()


def test_migrations_run_one_after_the_other() -> None:
    table = {
        1: lambda _: (Set(("a",), 1),),
        2: lambda data: (Set(("b",), data["a"]),),
    }
    edit = migrate.migration({"version": 1}, table, newest=3)
    assert edit is not None
    assert edit.operations == (Set(("a",), 1), Set(("version",), 2), Set(("b",), 1), Set(("version",), 3))
    assert migrate.migration({"version": 3}, table, newest=3) is None
    assert migrate.migration({}, table, newest=3) is None


# -- opening -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "source"),
    [
        ({"blueprint": "x"}, "blueprint"),
        ({"components": {}}, "blueprint"),
        ({"Vpcs": []}, "aws"),
        ({"Resources": {"a": {}}}, "cloudformation"),
        ({"terraform_version": "1"}, "terraform"),
        ({"x": 1}, "unknown"),
        ([], "unknown"),
        (None, "unknown"),
    ],
)
def test_a_document_is_known_by_its_content(data: Json, source: str) -> None:
    assert recognise(data) == source


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"x": 1}', "neither a blueprint nor anything that can be imported"),
        ("Resources:\n  a: {Type: x}\n", "a CloudFormation template, which cannot be read yet"),
        ('{"terraform_version": "1.9"}', "Terraform JSON, which cannot be read yet"),
    ],
)
def test_what_cannot_be_opened_is_named(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "thing"
    path.write_text(text)
    with pytest.raises(InputError, match=words):
        open_any(path, registry())


def test_a_blueprint_is_opened_as_one(shop: Path) -> None:
    opened = open_any(shop, registry())
    assert opened.source == "blueprint"
    assert opened.file.path == str(shop)


def test_describe_output_is_imported_whatever_its_name(tmp_path: Path) -> None:
    path = tmp_path / "anything.txt"
    path.write_text('{"Vpcs": [{"VpcId": "vpc-1", "CidrBlock": "10.0.0.0/16", "State": "available"}]}')
    opened = open_any(path, registry())
    assert opened.source == "aws"
    assert opened.file.path is None
    assert [component.kind.name for component in opened.file.blueprint.components.values()] == ["vpc"]


def test_describe_output_may_be_larger_than_a_blueprint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "Vpcs.json"
    path.write_text('{"Vpcs": [{"VpcId": "vpc-1", "CidrBlock": "10.0.0.0/16", "State": "available"}]}')
    monkeypatch.setattr("archtui.formats.opening.MAX_BYTES", 20)
    monkeypatch.setattr("archtui.formats.opening.read_bytes", lambda _: pytest.fail("read as a blueprint"))
    assert open_any(path, registry()).source == "aws"


def test_a_new_document_has_no_file(tmp_path: Path) -> None:
    file = BlueprintFile.empty(registry(), "Mine")
    with pytest.raises(ChangedOnDisk, match="give it a name"):
        file.save()
    file.apply(add_component("web", "ec2"))
    file.save(str(tmp_path / "mine.yaml"))
    assert load(tmp_path / "mine.yaml", registry()).blueprint.ids == ("web",)
