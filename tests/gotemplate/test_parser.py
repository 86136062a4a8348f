"""The parser: every node prints itself back, and errors are in Go's words."""

import pytest

from chartkit.errors import ParseError
from chartkit.gotemplate.parser import parse
from chartkit.source import Source

FUNCTIONS = {"printf", "len", "f", "upper"}


def body(text):
    return str(parse(Source("t", text), FUNCTIONS)["t"].body)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "plain text",
        "{{.}}",
        "{{nil}}",
        "{{true}}",
        "{{1.5e3}}",
        "{{'a'}}",
        '{{"a\\n"}}',
        "{{`raw`}}",
        "{{.a.b.c}}",
        "{{$}}",
        "{{$.a.b}}",
        "{{$x := 1}}{{$x = 2}}",
        '{{printf "%s" .a | upper | len}}',
        "{{(f 1 2).a.b}}",
        "{{f (upper .x) 3}}",
        "{{if .a}}x{{end}}",
        "{{if .a}}x{{else}}y{{end}}",
        "{{with $x := .a}}{{$x}}{{else}}no{{end}}",
        "{{range $i, $e := .l}}{{$i}}{{break}}{{continue}}{{else}}none{{end}}",
        '{{template "n"}}',
        '{{template "n" .a}}',
    ],
)
def test_parse_prints_back(text):
    assert body(text) == text


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("{{ if .a }}1{{ else if .b }}2{{ end }}", "{{if .a}}1{{else}}{{if .b}}2{{end}}{{end}}"),
        ("{{ with .a }}1{{ else with .b }}2{{ end }}", "{{with .a}}1{{else}}{{with .b}}2{{end}}{{end}}"),
        ('{{ block "n" . }}x{{ end }}', '{{template "n" .}}'),
        ("{{ 1 | }}", "{{1}}"),
        ("{{- /* c */ -}} a", "a"),
    ],
)
def test_parse_rewrites(text, printed):
    assert body(text) == printed


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{{ end }}", "unexpected {{end}}"),
        ("{{ if }}x{{ end }}", "missing value for if"),
        ("{{ if true }}x", "unexpected EOF"),
        ("{{ if true }}{{ else }}{{ else }}{{ end }}", "expected end; found {{else}}"),
        ("{{ with .a }}{{ else if .b }}{{ end }}", "unexpected <if> in input"),
        ("{{ nope }}", 'function "nope" not defined'),
        ("{{ $x }}", 'undefined variable "$x"'),
        ("{{ $x, $y := 1 }}", "too many declarations in command"),
        ("{{ range $x, := .l }}{{ end }}", "range can only initialize variables"),
        ("{{ 1 | 2 }}", "non executable command in pipeline stage 2"),
        ('{{ "a".b }}', 'unexpected . after term "\\"a\\""'),
        ("{{ .a. }}", "unexpected <.> in operand"),
        ("{{ template x }}", 'unexpected "x" in template clause'),
        ("{{ template .Values.template.name }}", 'unexpected ".Values" in template clause'),
        ("{{ abcdefghijklmn | }}", 'function "abcdefghijklmn" not defined'),
        ("{{ define abcdefghijklmn }}{{ end }}", 'unexpected "abcdefghij"... in define clause'),
        ("{{ break }}", "{{break}} outside {{range}}"),
        ("{{ range .l }}{{ break 1 }}{{ end }}", 'unexpected "1" in {{break}}'),
        ('{{ define "a" }}1{{ end }}{{ define "a" }}2{{ end }}', 'template: multiple definition of template "a"'),
        ("{{ if true }}{{ define \"a\" }}{{ end }}{{ end }}", "unexpected <define> in command"),
        ("{{ 08 }}", 'integer overflow: "08"'),
        ("{{ 'ab' }}", "malformed character constant: 'ab'"),
        ('{{ "\\q" }}', "invalid syntax"),
    ],
)  # fmt: skip
def test_parse_fails_in_gos_words(text, message):
    with pytest.raises(ParseError) as caught:
        parse(Source("t", text), FUNCTIONS)
    assert str(caught.value) == f"template: t:1: {message}"


def test_parse_tells_where_a_long_action_began():
    with pytest.raises(ParseError) as caught:
        parse(Source("t", "x\n{{ f\n\n"), FUNCTIONS)
    assert str(caught.value) == "template: t:4: unclosed action started at t:2"


def test_parse_gives_defines_their_own_trees():
    trees = parse(Source("t", '{{ define "a" }}x{{ end }}  {{ define "b" }} {{ end }}'), FUNCTIONS)
    assert {name: tree.empty for name, tree in trees.items()} == {"a": False, "b": True, "t": True}


def test_parse_keeps_the_define_with_content():
    trees = parse(Source("t", '{{ define "a" }}x{{ end }}{{ define "a" }}  {{ end }}'), FUNCTIONS)
    assert str(trees["a"].body) == "x"
