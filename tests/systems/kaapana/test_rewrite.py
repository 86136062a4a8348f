"""Operators get the registry where the placeholder stands, every other byte stays, and a second run changes nothing."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

from chartkit.errors import InputError
from chartkit.systems.kaapana.python_file import parse_python
from chartkit.systems.kaapana.rewrite import Rewriting, rewrite, rewrite_folder

REGISTRY = "reg.example.com/team"
OPERATORS = Path(__file__).parents[3] / "fixtures" / "kaapana" / "otsus-method" / "extension" / "docker" / "files"
NAME = Path("operator.py")


def rewritten(text: str | bytes) -> Rewriting:
    return rewrite(parse_python(NAME, text.encode() if isinstance(text, str) else text), REGISTRY)


@pytest.mark.parametrize("name", ["OtsusMethodOperator.py", "OtsusNotebookOperator.py"])
def test_guides_operators_get_the_registry_and_nothing_else(name: str) -> None:
    data = (OPERATORS / name).read_bytes()
    found = rewritten(data)
    old = b'image=f"{DEFAULT_REGISTRY}/otsus-method:{KAAPANA_BUILD_VERSION}"'
    new = b'image=f"reg.example.com/team/otsus-method:{KAAPANA_BUILD_VERSION}"'
    assert found.data == data.replace(old, new) != data
    assert [change.after for change in found.changes] == [f"{REGISTRY}/otsus-method:{{KAAPANA_BUILD_VERSION}}"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('f(image=f"{DEFAULT_REGISTRY}/a:{V}")', 'f(image=f"reg.example.com/team/a:{V}")'),
        ("f(image=f'{DEFAULT_REGISTRY}/a:{V}')", "f(image=f'reg.example.com/team/a:{V}')"),
        ("f(image = F\"{ DEFAULT_REGISTRY }/a\")", 'f(image = F"reg.example.com/team/a")'),
        ("f(image=rf'{DEFAULT_REGISTRY}/a')", "f(image=rf'reg.example.com/team/a')"),
        ("f(image=fR'''{DEFAULT_REGISTRY}/a''')", "f(image=fR'''reg.example.com/team/a''')"),
        ('f(image=f"""{DEFAULT_REGISTRY}/a:{V}""")', 'f(image=f"""reg.example.com/team/a:{V}""")'),
        ("f(image='' f\"{DEFAULT_REGISTRY}/a\" ':1')", "f(image='' f\"reg.example.com/team/a\" ':1')"),
        ('f(image=f""\n  # why\n  f"{DEFAULT_REGISTRY}/" f"a:{V}")',
         'f(image=f""\n  # why\n  f"reg.example.com/team/" f"a:{V}")'),
        ('f(image=(f"{DEFAULT_REGISTRY}"))', 'f(image=(f"reg.example.com/team"))'),
        ('f(image=f"{DEFAULT_REGISTRY}{PATH}:1")', 'f(image=f"reg.example.com/team{PATH}:1")'),
        ('f(image=f"{DEFAULT_REGISTRY}/{{a}}:{DEFAULT_REGISTRY}")',
         'f(image=f"reg.example.com/team/{{a}}:{DEFAULT_REGISTRY}")'),
        ("f(image=f\"{DEFAULT_REGISTRY}/{x['y']!r:>{w}}\")", "f(image=f\"reg.example.com/team/{x['y']!r:>{w}}\")"),
        ('f("ä€😀", image=f"{DEFAULT_REGISTRY}/ä")', 'f("ä€😀", image=f"reg.example.com/team/ä")'),
        ('if x:\r\n\tf(1,\r\n\t  image=f"{DEFAULT_REGISTRY}/a")\r\n',
         'if x:\r\n\tf(1,\r\n\t  image=f"reg.example.com/team/a")\r\n'),
        ('x = 1\rf(image=f"{DEFAULT_REGISTRY}/a")\r', 'x = 1\rf(image=f"reg.example.com/team/a")\r'),
        ('x = 1\n\x0cf(image=f"{DEFAULT_REGISTRY}/a")', 'x = 1\n\x0cf(image=f"reg.example.com/team/a")'),
        ('f(image=f"{DEFAULT_REGISTRY}/a"); g(image=f"{DEFAULT_REGISTRY}/b")',
         'f(image=f"reg.example.com/team/a"); g(image=f"reg.example.com/team/b")'),
        ('f(g(image=f"{DEFAULT_REGISTRY}/a"), image=f"{DEFAULT_REGISTRY}/b")',
         'f(g(image=f"reg.example.com/team/a"), image=f"reg.example.com/team/b")'),
    ],
    ids=[
        "double-quotes", "single-quotes", "blanks", "raw", "raw-behind-triple", "triple", "strings-in-a-row",
        "rows-with-comment", "alone-in-parentheses", "placeholder-follows", "only-the-first", "format-and-quotes",
        "wide-characters", "crlf", "cr", "form-feed", "two-in-a-line", "nested-calls",
    ],
)  # fmt: skip
def test_placeholder_is_replaced_in_every_way_to_write_it(before: str, after: str) -> None:
    found = rewritten(before)
    assert found.text == after
    assert found.data == after.encode()
    assert not rewritten(found.data).changes
    assert rewritten(found.data).data == found.data


@pytest.mark.skipif(sys.version_info < (3, 12), reason="Python 3.12 nests quotes in f-strings")
def test_placeholder_is_replaced_where_quotes_are_nested() -> None:
    found = rewritten('f(image=f"{DEFAULT_REGISTRY}/{x["a"]}:{f"{y}"}")')
    assert found.text == 'f(image=f"reg.example.com/team/{x["a"]}:{f"{y}"}")'


@pytest.mark.parametrize(
    "text",
    [
        '# image=f"{DEFAULT_REGISTRY}/a"',
        "'''image=f\"{DEFAULT_REGISTRY}/a\"'''",
        'f(image=f"docker.io/{DEFAULT_REGISTRY}/a")',
        'f(image=f"{OTHER_REGISTRY}/a")',
        'f(name=DEFAULT_REGISTRY)',
        "f(**{'image': 1}, x=DEFAULT_REGISTRY)",
    ],
    ids=["comment", "string", "not-first", "other-name", "other-keyword", "stars"],
)  # fmt: skip
def test_text_stays_that_is_no_image_of_the_platform(text: str) -> None:
    found = rewritten(text)
    assert (found.text, found.changes, found.left) == (text, (), ())


@pytest.mark.parametrize(
    ("text", "column", "reason"),
    [
        ('f(image=DEFAULT_REGISTRY + "/a:1")', 9, "not an f-string"),
        ('f(image="{DEFAULT_REGISTRY}/a")', 10, "not an f-string"),
        ('f(image=f"{{DEFAULT_REGISTRY}}/a")', 11, "not an f-string"),
        ('f(image=f"{DEFAULT_REGISTRY!s}/a")', 11, "not an f-string"),
        ('f(image=f"{(DEFAULT_REGISTRY)}/a")', 11, "not an f-string"),
        ('f(image=f"{c.DEFAULT_REGISTRY}/a")', 11, "not an f-string"),
        ('I = f"{DEFAULT_REGISTRY}/a"\nf(image=I)', 7, "not the value of image="),
        ('image = f"{DEFAULT_REGISTRY}/a"', 11, "not the value of image="),
        ('f(image=f"{DEFAULT_REGISTRY}/a" if x else "b")', 11, "not the value of image="),
    ],
    ids=[
        "sum",
        "forgotten-f",
        "doubled-braces",
        "conversion",
        "parentheses",
        "attribute",
        "by-name",
        "assignment",
        "condition",
    ],
)
def test_image_of_the_platform_is_told_where_it_is_left(text: str, column: int, reason: str) -> None:
    found = rewritten(text)
    assert found.text == text
    assert (found.left[0].position.line, found.left[0].position.column) == (1, column)
    assert found.left[0].reason.startswith(reason)


def test_strings_inside_f_strings_are_passed_over() -> None:
    text = "f(image=f\"{g(image=f'{DEFAULT_REGISTRY}/a')}\", x=f'{y:{DEFAULT_REGISTRY}}')"
    found = rewritten(text)
    assert (found.text, found.changes) == (text, ())


@pytest.mark.parametrize(
    "data",
    [
        b'\xef\xbb\xbff(image=f"{DEFAULT_REGISTRY}/a")  # \xc3\xa4\r\n',
        '# -*- coding: latin-1 -*-\nf("ä", image=f"{DEFAULT_REGISTRY}/a")\n'.encode("latin-1"),
        b'#!/usr/bin/env python\n# vim: set fileencoding=cp1252 :\nf("\x80", image=f"{DEFAULT_REGISTRY}/a")',
    ],
    ids=["byte-order-mark", "latin-1", "cp1252"],
)
def test_bytes_stay_as_the_file_is_encoded(data: bytes) -> None:
    assert rewritten(data).data == data.replace(b"{DEFAULT_REGISTRY}", REGISTRY.encode())


@pytest.mark.parametrize(
    ("text", "unused"),
    [
        ('from g import DEFAULT_REGISTRY, V\nf(image=f"{DEFAULT_REGISTRY}/a")', (1, 15)),
        ('from g import (\n    V,\n    DEFAULT_REGISTRY,\n)\nf(image=f"{DEFAULT_REGISTRY}/a")', (3, 5)),
        ('from g import DEFAULT_REGISTRY\nf(image=f"{DEFAULT_REGISTRY}/a")\nprint(DEFAULT_REGISTRY)', None),
        ('from g import DEFAULT_REGISTRY\n__all__ = ["DEFAULT_REGISTRY"]\nf(image=f"{DEFAULT_REGISTRY}/a")', None),
        ('from g import DEFAULT_REGISTRY\nf(image="a")', None),
        ('import g\nf(image=f"{DEFAULT_REGISTRY}/a")', None),
    ],
    ids=["one-line", "in-parentheses", "still-used", "passed-on", "not-ours", "not-imported"],
)
def test_import_that_nothing_needs_is_told_and_kept(text: str, unused: tuple[int, int] | None) -> None:
    found = rewritten(text)
    assert found.text == text.replace("{DEFAULT_REGISTRY}", REGISTRY)
    assert (found.unused and (found.unused.line, found.unused.column)) == unused


def test_folder_is_refused_as_a_whole_when_one_file_is_not_python(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text('f(image=f"{DEFAULT_REGISTRY}/a")', encoding="utf-8")
    (tmp_path / "b.py").write_text("def f(:\n", encoding="utf-8")
    with pytest.raises(InputError, match="is not Python") as caught:
        rewrite_folder(tmp_path, REGISTRY)
    assert str(caught.value.position) == f"{tmp_path}/b.py:1:7"


def test_registry_is_refused_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="has a scheme"):
        rewrite_folder(tmp_path, "https://reg.example.com")


def test_new_text_means_the_old_one_with_the_registry_put_in() -> None:
    text = 'f(image=f"{DEFAULT_REGISTRY}/a:{V}", x=f"{DEFAULT_REGISTRY}")\n'
    new = ast.dump(ast.parse(rewritten(text).text))
    assert new == ast.dump(ast.parse(text.replace('f"{DEFAULT_REGISTRY}/', 'f"reg.example.com/team/')))
