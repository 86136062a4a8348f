"""`.Files`: reading, matching and cutting; a table of globs as gobwas/glob reads them."""

import pytest

from chartkit.engine.files import Files, compile_glob
from chartkit.gotypes import FunctionError
from chartkit.profile import HELM_4_2, HELM_4_3

CONTENTS = [("a.txt", b"one\ntwo\n"), ("conf/b.yaml", b"x: 1"), ("conf/deep/c.yaml", b""), ("bad.bin", b"\xff")]


def files(profile=HELM_4_3):
    return Files(CONTENTS, profile)


@pytest.mark.parametrize(
    ("pattern", "text", "fits"),
    [
        ("*", "a.txt", True),
        ("*", "conf/b.yaml", False),
        ("**", "conf/deep/c.yaml", True),
        ("conf/*", "conf/b.yaml", True),
        ("conf/*", "conf/deep/c.yaml", False),
        ("conf/**.yaml", "conf/deep/c.yaml", True),
        ("?.txt", "a.txt", True),
        ("[a-c].txt", "b.txt", True),
        ("[!a].txt", "a.txt", False),
        ("{a,b}.txt", "b.txt", True),
        ("{a,{b,c}}.txt", "c.txt", True),
        ("a\\*.txt", "a*.txt", True),
        ("a\\*.txt", "ab.txt", False),
        ("[", "anything/at/all", True),
    ],
)
def test_glob_fits(pattern, text, fits):
    assert bool(compile_glob(pattern).fullmatch(text)) is fits


def test_read_gives_nothing_for_a_missing_file():
    assert files().read("nope") == ""
    assert files().read_bytes("nope") == b""


def test_read_keeps_bytes_that_are_no_text():
    assert files().read("bad.bin").encode("utf-8", "surrogateescape") == b"\xff"


def test_lines_drops_one_final_line_break():
    assert files().lines("a.txt") == ["one", "two"]


def test_lines_of_an_empty_file_differs_by_profile():
    assert files(HELM_4_3).lines("conf/deep/c.yaml") == []
    with pytest.raises(FunctionError, match="index out of range"):
        files(HELM_4_2).lines("conf/deep/c.yaml")


def test_as_config_and_as_secrets_take_base_names():
    group = files().glob("conf/*")
    assert group.as_config() == "b.yaml: 'x: 1'"
    assert group.as_secrets() == "b.yaml: eDogMQ=="
    assert files().glob("none").as_config() == "{}"
