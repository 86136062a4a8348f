from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from chartkit.cli.app import main

Run = Callable[..., tuple[int, str, str]]

_VALUES = """\
# values
image:
  tag: "1"   # the tag
  pullPolicy: Always
replicas: 2
env:
- name: A
  value: 'q'
"""


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    """Runs `chartkit edit` beside the files a.yaml and b.yaml; gives the exit code and both outputs."""
    monkeypatch.chdir(tmp_path)
    for name in ("a.yaml", "b.yaml"):
        Path(name).write_text(_VALUES)

    def edit(*words: str) -> tuple[int, str, str]:
        code = main(["edit", *words])
        out, err = capfd.readouterr()
        return code, out, err

    return edit


@pytest.mark.parametrize(
    ("words", "old", "new"),
    [
        pytest.param(["image.tag", "1.10"], '  tag: "1"   # the tag', '  tag: "1.10"   # the tag', id="text"),
        pytest.param(["image.tag", "2"], '  tag: "1"', '  tag: "2"', id="text-stays-text"),
        pytest.param(["image.tag", "true"], '  tag: "1"', '  tag: "true"', id="text-stays-no-bool"),
        pytest.param(["image.tag", "null"], '  tag: "1"', "  tag: null", id="null"),
        pytest.param(["image.tag", "--json", "2"], '  tag: "1"', "  tag: 2", id="json-makes-a-number"),
        pytest.param(["replicas", "3"], "replicas: 2", "replicas: 3", id="number"),
        pytest.param(["replicas", "--string", "3"], "replicas: 2", 'replicas: "3"', id="string"),
        pytest.param(["replicas", "1.5"], "replicas: 2", 'replicas: "1.5"', id="set-knows-no-fractions"),
        pytest.param(["env[0].value", "on"], "  value: 'q'", "  value: 'on'", id="index"),
        pytest.param(["a\\.b/c", "x"], "  value: 'q'\n", "  value: 'q'\na.b/c: x\n", id="escaped-dot"),
        pytest.param(["image.tag", ""], '  tag: "1"', '  tag: ""', id="empty"),
        pytest.param(["image.tag", "a,b={c}"], '  tag: "1"', '  tag: "a,b={c}"', id="value-is-not-parsed"),
        pytest.param(["--", "replicas", "-1"], "replicas: 2", "replicas: -1", id="negative"),
        pytest.param(
            ["resources", "--json", '{"limits": {"cpu": "1", "count": 2}}'],
            "  value: 'q'\n",
            "  value: 'q'\nresources:\n  limits:\n    cpu: \"1\"\n    count: 2\n",
            id="json",
        ),
    ],
)
def test_value_is_set_in_all_files(words, old, new, run):
    assert run("set", *words, "a.yaml", "b.yaml") == (0, "", "")
    for name in ("a.yaml", "b.yaml"):
        assert Path(name).read_text() == _VALUES.replace(old, new)


@pytest.mark.parametrize(
    ("key", "old"),
    [("image.tag", '  tag: "1"   # the tag\n'), ("replicas", "replicas: 2\n"), ("no.such[3]", "")],
    ids=["key", "top", "not-there"],
)
def test_key_is_removed_from_all_files(key, old, run):
    assert run("unset", key, "a.yaml", "b.yaml") == (0, "", "")
    for name in ("a.yaml", "b.yaml"):
        assert Path(name).read_text() == _VALUES.replace(old, "")


def test_diff_shows_the_change_and_writes_nothing(run):
    code, out, _ = run("set", "replicas", "3", "--diff", "a.yaml")
    assert code == 0
    assert out.startswith("--- a/a.yaml\n+++ b/a.yaml\n@@ ")
    assert "\n-replicas: 2\n+replicas: 3\n" in out
    assert Path("a.yaml").read_text() == _VALUES


def test_diff_tells_of_a_file_without_line_break_at_its_end(run):
    Path("a.yaml").write_bytes(b"replicas: 2")
    assert run("set", "replicas", "3", "--diff", "a.yaml")[1].endswith(
        "-replicas: 2\n\\ No newline at end of file\n+replicas: 3\n\\ No newline at end of file\n"
    )


def test_check_tells_by_its_exit_code(run):
    Path("b.yaml").write_text(_VALUES.replace("2", "3"))
    assert run("set", "replicas", "3", "--check", "a.yaml", "b.yaml") == (1, "", "a.yaml would change\n")
    assert run("set", "replicas", "3", "--check", "b.yaml")[0] == 0
    assert Path("a.yaml").read_text() == _VALUES


def test_standard_input_goes_to_standard_output(run, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"a: 1 # \xc3\xa4\n")))
    assert run("set", "a", "2", "-") == (0, "a: 2 # ä\n", "")


def test_shared_value_changes_for_all_on_demand_only(run):
    shared = "image: &i\n  tag: '1'\nsub:\n  image: *i\n"
    Path("a.yaml").write_text(shared)
    code, _, err = run("set", "sub.image.tag", "2", "a.yaml")
    assert code == 2
    assert "sub.image comes by the alias *i, written in line 1" in err
    assert run("set", "sub.image.tag", "2", "--anchors", "a.yaml")[0] == 0
    assert Path("a.yaml").read_text() == shared.replace("1", "2")


def test_document_is_chosen_by_number(run):
    Path("a.yaml").write_text("a: 1\n---\na: 2\n")
    code, _, err = run("set", "a", "3", "a.yaml")
    assert code == 2
    assert "several YAML documents" in err
    assert run("set", "a", "3", "--document", "2", "a.yaml")[0] == 0
    assert Path("a.yaml").read_text() == "a: 1\n---\na: 3\n"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        pytest.param(["set", "image.tag.x", "1", "a.yaml", "b.yaml"], "image.tag is a text", id="not-a-map"),
        pytest.param(["set", "replicas", "3", "a.yaml", "none.yaml"], "cannot read none.yaml", id="missing-file"),
        pytest.param(["set", "replicas", "3", "a.yaml", "bad.yaml"], "bad.yaml:2:", id="no-yaml"),
        pytest.param(["set", "replicas", "3", "a.yaml", "."], "cannot read .: is a directory", id="folder"),
        pytest.param(["set", "a=b", "1", "a.yaml"], "'a=b' is no key", id="equals-sign"),
        pytest.param(["set", "a..b", "1", "a.yaml"], "'a..b' is no key", id="empty-name"),
        pytest.param(["set", "a[x]", "1", "a.yaml"], "'a[x]' is no key", id="index"),
        pytest.param(["set", "a,b", "1", "a.yaml"], "'a,b' is no key", id="two-keys"),
        pytest.param(["set", "", "1", "a.yaml"], "'' is no key", id="no-key"),
        pytest.param(["set", "env[7]", "1", "a.yaml"], "env has 1 item: there is no place for env[7]", id="gap"),
        pytest.param(["set", "a", "1"], "takes a key, a value, and files", id="no-file"),
        pytest.param(["set", "a", "--json", "{", "a.yaml"], "--json: ", id="no-json"),
        pytest.param(["set", "a", "--json", "1", "--string", "a.yaml"], "do not go together", id="json-and-string"),
        pytest.param(["set", "a", "1", "--document", "0", "a.yaml"], "counts from 1", id="document-zero"),
        pytest.param(["unset", "a"], "takes a key and files", id="unset-no-file"),
        pytest.param(["sett", "a"], "did you mean set?", id="mistyped"),
    ],
)
def test_failed_run_leaves_all_files_as_they_were(words, message, run):
    Path("bad.yaml").write_text("a: 1\nb: [\n")
    code, out, err = run(*words)
    assert (code, out) == (2, "")
    assert message in err
    assert Path("a.yaml").read_text() == Path("b.yaml").read_text() == _VALUES


@pytest.mark.parametrize("order", [("folder/b.yaml", "a.yaml"), ("a.yaml", "folder/b.yaml")], ids=["first", "last"])
def test_file_that_cannot_be_written_leaves_the_others_as_they_were(order, run, monkeypatch):
    replaced = os.replace

    def replace(source: str, target: str | Path) -> None:
        if str(target).endswith("b.yaml"):
            raise PermissionError(13, "Permission denied")
        replaced(source, target)

    (Path.cwd() / "folder").mkdir()
    Path("folder/b.yaml").write_text(_VALUES)
    monkeypatch.setattr(os, "replace", replace)
    code, _, err = run("set", "replicas", "3", *order)
    assert code == 2
    assert "cannot write" in err
    assert Path("a.yaml").read_text() == Path("folder/b.yaml").read_text() == _VALUES
    assert sorted(os.listdir()) == ["a.yaml", "b.yaml", "folder"]
    assert os.listdir("folder") == ["b.yaml"]


def test_permissions_and_links_stay(run):
    Path("a.yaml").chmod(0o600)
    Path("link.yaml").symlink_to("a.yaml")
    assert run("set", "replicas", "3", "link.yaml")[0] == 0
    assert Path("link.yaml").is_symlink()
    assert Path("a.yaml").stat().st_mode & 0o777 == 0o600
    assert "replicas: 3" in Path("a.yaml").read_text()


def test_file_without_change_is_not_written_again(run):
    Path("a.yaml").chmod(0o444)
    before = Path("a.yaml").stat()
    assert run("set", "replicas", "2", "a.yaml")[0] == 0
    assert Path("a.yaml").stat().st_mtime_ns == before.st_mtime_ns
    assert Path("a.yaml").stat().st_ino == before.st_ino
