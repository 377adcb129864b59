"""Whatever is wrong with a call or its input: one line that helps, exit status 2, never a traceback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from archtui.cli import app
from tests.formats.aws.account import account, write

from .conftest import ROOT, Ran

Run = Callable[..., Ran]
SHOP = "blueprints/three-tier.yaml"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["chekc"], "did you mean 'archtui check'?"),
        (["no-such-file.yaml"], "no-such-file.yaml: there is no such file or command"),
        ([SHOP, "more"], "archtui opens one file"),
        (["--nonsense"], "No such option"),
        (["check"], "Missing argument"),
        (["check", SHOP, "--format", "yaml"], "Invalid value"),
        (["check", SHOP, "--fail-on", "doom"], "Invalid value"),
        (["check", SHOP, "--select", "NTE"], "no rule is called 'NTE'"),
        (["check", "no.yaml"], "no.yaml: there is no such file"),
        (["check", "-", "--fix"], "--fix changes a blueprint file"),
        (["trace", SHOP], "--from X and --to Y"),
        (["trace", SHOP, "--from", "nobody", "--to", "db"], "nobody"),
        (["trace", SHOP, "--from", "web-1", "--to", "db", "--port", "99999"], "99999"),
        (["trace", SHOP, "--from", "web-1", "--to", "db", "--protocol", "smoke"], "smoke"),
        (["trace", SHOP, "--from", "web-1", "--to", "ftp://x/"], "ftp"),
        (["trace", SHOP, "--from", "web-1", "--to", "db", "--source-ip", "1.2.3"], "1.2.3"),
        (["trace", SHOP, "--from", "web-1", "--to", "http://lb/", "--header", "nonsense"], "NAME:VALUE"),
        (["trace", SHOP, "--from", "web-1", "--to", "db", "--at", "5"], "--down"),
        (["trace", SHOP, "--from", "web-1", "--to", "db", "--down", "wbe-1"], "did you mean 'web-1'?"),
        (["trace", SHOP, "--flows", "no.jsonl"], "no.jsonl"),
        (["trace", SHOP, "--flows", "x", "--from", "web-1"], "leave these out"),
        (["trace", "-", "--flows", "-"], "cannot be both"),
        (["fail", SHOP], "give --down TARGET"),
        (["fail", SHOP, "--down", "az:eu-west-1z"], "eu-west-1"),
        (["import", SHOP, "-o", "x.yaml"], "is a blueprint already"),
        (["import", "no-folder", "-o", "x.yaml"], "no such file"),
        (["import", "blueprints", "-o", "blueprints"], "add --force"),
        (["import", "x", "-o", "y", "--type", "terraform"], "cannot be imported yet"),
        (["explain", "NO_ROUTE_TO_DESTINATIN"], "did you mean 'NO_ROUTE_TO_DESTINATION'?"),
        (["gallery", "sketsh"], "did you mean 'sketch'?"),
        (["new", "no/such/folder/x.yaml"], "cannot be written"),
    ],
)
def test_a_wrong_call_is_refused_in_one_line(archtui: Run, words: list[str], said: str) -> None:
    ran = archtui(*words)
    assert ran.status == 2
    assert ran.out == ""
    assert said in ran.err
    assert len(ran.err.splitlines()) == 1, ran.err
    assert "; " in ran.err, "what is wrong; how to mend it"


def test_all_mistakes_of_a_file_are_listed_with_their_places(archtui: Run, tmp_path: Path) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text("components:\n  a: {kind: ec3}\n  b: {kind: vpc, cidr: 10.0.0.0/33}\n")
    ran = archtui("check", path)
    assert ran.status == 2
    assert [line.split(": ")[0] for line in ran.err.splitlines()] == [f"{path}:2:13", f"{path}:3:24"]


def test_a_folder_of_other_things_is_refused_without_drowning_the_user(archtui: Run, tmp_path: Path) -> None:
    for number in range(80):
        (tmp_path / f"{number}.json").write_text("{")
    ran = archtui("check", tmp_path)
    assert ran.status == 2
    assert len(ran.err.splitlines()) == 51
    assert ran.err.splitlines()[-1].startswith("... and ")


@pytest.mark.parametrize("command", ["check", "trace", "fail"])
@pytest.mark.parametrize(
    "content",
    [b"", b"\x00\x01\x02", b"\xff\xfe", b"a: [", b"{}", b"[1, 2]", b"&a [*a]", b"components: {a: {kind: vpc}}"],
)
def test_junk_is_refused_by_every_command(archtui: Run, tmp_path: Path, command: str, content: bytes) -> None:
    path = tmp_path / "junk"
    path.write_bytes(content)
    more = {"trace": ["--from", "a", "--to", "b"], "fail": ["--down", "a"]}.get(command, [])
    ran = archtui(command, path, *more)
    assert ran.status == 2
    assert ran.err.startswith(f"{path}")


def test_a_bug_is_one_line_and_a_file(archtui: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: str) -> None:
        raise ZeroDivisionError("oh")

    monkeypatch.setattr("archtui.formats.reference.look_up", broken)
    ran = archtui("explain", "alb")
    assert ran.status == 2
    assert ran.err.startswith("archtui has a bug: ZeroDivisionError: oh; please report it with ")
    crash = Path(os.environ["ARCHTUI_STATE"]) / "crash.txt"
    assert "ZeroDivisionError" in crash.read_text()


def test_ctrl_c_ends_with_130(archtui: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(app.group, "main", stop)
    ran = archtui("services")
    assert ran.status == 130
    assert ran.err == "interrupted\n"


def run(*words: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "archtui", *words],
        cwd=ROOT,
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )


def test_without_a_terminal_the_tui_does_not_open() -> None:
    for words in ([], [SHOP]):
        done = run(*words)
        assert done.returncode == 2
        assert done.stderr == b"this is no terminal; run a command, 'archtui --help' lists them\n"


def test_a_reader_that_goes_away_is_no_error() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "archtui", "facts"], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait() == 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_is_said_in_one_line() -> None:
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "archtui", "check", SHOP], cwd=ROOT, stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert done.returncode == 2
    assert done.stderr.startswith(b"the answer cannot be written: No space left on device; ")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("environment", [{"PYTHONIOENCODING": "ascii"}, {"ARCHTUI_PLAIN": "1"}])
def test_plain_output_is_ascii(environment: dict[str, str]) -> None:
    done = run("check", SHOP, **environment)
    assert done.returncode == 0
    assert done.stdout.isascii()
    assert b"ok blueprints" in done.stdout
    done = run("--plain", "explain", "alb", "--format", "json", **environment)
    assert done.stdout.isascii()


def test_opening_the_tui_waits_for_no_engine() -> None:
    slow = ("pydantic", "networkx", "yaml", "click")
    code = (
        "import sys; import archtui.cli.main; import archtui.tui.app; "
        f"print([name for name in {slow!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=True, text=True)
    assert done.stdout.strip() == "[]"


def test_an_import_uses_what_it_can_and_names_the_rest(archtui: Run, tmp_path: Path) -> None:
    folder = write(tmp_path / "input", account())
    (folder / "cut.json").write_text('{"Vpcs": [', encoding="utf-8")
    ran = archtui("import", str(folder), "-o", str(tmp_path / "out.yaml"), "--format", "json")
    assert ran.status == 0
    told = json.loads(ran.out)
    assert told["components"] == 9
    assert any(item["type"] == "file" and "cut.json" in item["id"] for item in told["unsupported"])
    assert (tmp_path / "out.yaml").is_file()


def test_a_folder_of_nothing_but_junk_is_refused(archtui: Run, tmp_path: Path) -> None:
    (tmp_path / "junk.json").write_bytes(b"\x00\xff" * 100)
    ran = archtui("import", str(tmp_path), "-o", str(tmp_path / "out.yaml"))
    assert ran.status == 2
    assert ran.out == ""
    assert "junk.json" in ran.err
    assert not (tmp_path / "out.yaml").exists()
