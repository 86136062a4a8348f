"""The lexer: tokens, trimming, and errors in Go's words."""

import pytest

from chartkit.gotemplate.lexer import lex


def kinds(text):
    return [(token.kind, token.text) for token in lex(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", [("EOF", "")]),
        ("plain", [("text", "plain"), ("EOF", "")]),
        ("}} stray", [("text", "}} stray"), ("EOF", "")]),
        ("a  {{- 1 -}}  b", [("text", "a"), "l", ("number", "1"), "r", ("text", "b"), ("EOF", "")]),
        ("a\f{{- 1 -}}\vb", [("text", "a\f"), "l", ("number", "1"), "r", ("text", "\vb"), ("EOF", "")]),
        ("{{-3}}", ["l", ("number", "-3"), "r", ("EOF", "")]),
        ("x {{/* c */}} y", [("text", "x "), ("text", " y"), ("EOF", "")]),
        ("x {{- /* c */ -}} y", [("text", "x"), ("text", "y"), ("EOF", "")]),
        ("{{.a.b}}", ["l", ("field", ".a"), ("field", ".b"), "r", ("EOF", "")]),
        ("{{. | f}}", ["l", (".", "."), "s", ("|", "|"), "s", ("identifier", "f"), "r", ("EOF", "")]),
        ("{{.1}}", ["l", ("number", ".1"), "r", ("EOF", "")]),
        ("{{1+2i}}", ["l", ("complex", "1+2i"), "r", ("EOF", "")]),
        ("{{$x := true}}", ["l", ("variable", "$x"), "s", (":=", ":="), "s", ("bool", "true"), "r", ("EOF", "")]),
        ("{{`a\nb`}}", ["l", ("raw string", "`a\nb`"), "r", ("EOF", "")]),
        ("{{\"}}\"}}", ["l", ("string", '"}}"'), "r", ("EOF", "")]),
        ("{{ (1) }}", ["l", "s", ("(", "("), ("number", "1"), (")", ")"), "s", "r", ("EOF", "")]),
    ],
)  # fmt: skip
def test_lex_gives_tokens(text, expected):
    short = {"l": ("left delimiter", "{{"), "r": ("right delimiter", "}}"), "s": ("space", " ")}
    assert kinds(text) == [short.get(item, item) if isinstance(item, str) else item for item in expected]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{{", "unclosed action"),
        ("{{/* a", "unclosed comment"),
        ("{{/* a */ }}", "comment ends before closing delimiter"),
        ("{{ (1 }}", "unclosed left paren"),
        ("{{ 1) }}", "unexpected right paren"),
        ("{{ $x: }}", "expected :="),
        ("{{ .my-key }}", "bad character U+002D '-'"),
        ("{{ .a[0] }}", "bad character U+005B '['"),
        ("{{ 1a }}", 'bad number syntax: "1a"'),
        ("{{ 1+2 }}", 'bad number syntax: "1+2"'),
        ('{{ "a }}', "unterminated quoted string"),
        ("{{ `a }}", "unterminated raw quoted string"),
        ("{{ 'a }}", "unterminated character constant"),
        ("{{ \x01 }}", "unrecognized character in action: U+0001"),
        ("{{ € }}", "unrecognized character in action: U+20AC '€'"),
    ],
)
def test_lex_ends_with_an_error(text, message):
    assert kinds(text)[-1] == ("error", message)


def test_lex_counts_offsets_in_characters():
    assert [token.start for token in lex("é{{ .x }}")] == [0, 1, 3, 4, 6, 7, 9]
