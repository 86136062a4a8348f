"""Each construct of the language: which characters come from which key, and what decided that they stand there.

A span is written `TEXT = KEY` where the characters are the key's own, `TEXT ~ KEYS` where they were computed, and
`TEXT` alone for the template's; behind `?` stand the keys that were consulted.
"""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from chartkit.ambient import Ambient
from chartkit.engine.function_table import functions
from chartkit.engine.trace_rules import BEFORE, RULES
from chartkit.gotemplate.origins import OriginTable
from chartkit.gotemplate.parser import parse
from chartkit.gotemplate.traced import TracedRun
from chartkit.gotemplate.tracer import TracingCompiler
from chartkit.limits import Limits
from chartkit.origin import Lookup, Span, pieces
from chartkit.profile import NEWEST
from chartkit.source import Source

DATA = {
    "name": "web",
    "tag": "1.2",
    "port": 80,
    "on": True,
    "off": False,
    "blank": "",
    "image": {"registry": "ghcr.io", "name": "app", "tag": ""},
    "list": ["x", "y"],
    "maps": [{"n": "p"}, {"n": "q"}],
    "map": {"k": "v", "l": "w"},
    "none": [],
    "text": "{{ .name }}!",
    "hole": "a{{ .absent }}-",
}


def _traced(text: str, data: dict[str, Any], limits: Limits | None = None) -> tuple[str, tuple[Span, ...]]:
    table_of_functions = functions(NEWEST)
    compiler = TracingCompiler(table_of_functions, rules=RULES, before=BEFORE)
    trees = parse(Source("t", text), table_of_functions)
    templates = {name: compiler.template(tree) for name, tree in trees.items()}
    table = OriginTable()
    table.register(data, "values", ())
    run = TracedRun(Ambient(limits=limits) if limits else Ambient(), compiler, table=table)
    written = run.execute(templates, templates["t"], data)
    return written, pieces(run.result, written)


def _keys(lookups: tuple[Lookup, ...]) -> str:
    return ", ".join(".".join(map(str, lookup.path)) for lookup in lookups)


def _shown(text: str, span: Span) -> str:
    shown = text[span.start : span.end]
    if span.sources:
        shown += f" {'=' if span.copied else '~'} {_keys(span.sources)}"
    return f"{shown} ? {_keys(span.consulted)}" if span.consulted else shown


def _spans(template: str) -> list[str]:
    text, spans = _traced(template, deepcopy(DATA))
    return [_shown(text, span) for span in spans]


STATEMENTS = {
    "text": ("as it is", ["as it is"]),
    "field": ("a {{ .name }} b", ["a ", "web = name", " b"]),
    "deep field": ("{{ .image.registry }}", ["ghcr.io = image.registry"]),
    "number": ("{{ .port }}", ["80 ~ port"]),
    "bool": ("{{ .on }}", ["true ~ on"]),
    "missing key": ("{{ .absent }}", ["<no value> ~ absent"]),
    "key below a missing one": ("{{ (.absent).deep }}", ["<no value> ~ absent.deep"]),
    "literal": ('{{ "word" }}', ["word"]),
    "whole map": ("{{ .map }}", ["map[k:v l:w] ~ map.k, map.l"]),
    "dot": ("{{ with .name }}{{ . }}{{ end }}", ["web = name ? name"]),
    "variable": ("{{ $x := .name }}{{ $x }}", ["web = name"]),
    "variable's field": ("{{ $x := .image }}{{ $x.name }}", ["app = image.name"]),
    "root": ("{{ with .image }}{{ $.name }}{{ end }}", ["web = name ? image"]),
    "chain": ("{{ (index .maps 1).n }}", ["q = maps.1.n"]),
    "assignment": ('{{ $x := "a" }}{{ $x = .name }}{{ $x }}', ["web = name"]),
    "if that holds": ("{{ if .on }}a{{ else }}b{{ end }}", ["a ? on"]),
    "if that does not": ("{{ if .off }}a{{ else }}b{{ end }}", ["b ? off"]),
    "if without else": ("{{ if .off }}a{{ end }}", [" ? off"]),
    "if that writes nothing": ("{{ if .on }}{{ else }}a{{ end }}", [" ? on"]),
    "if in if": ("{{ if .on }}{{ if .off }}a{{ end }}{{ end }}", [" ? on, off"]),
    "if around value": ("{{ if .on }}{{ .name }}{{ end }}", ["web = name ? on"]),
    "else if": ("{{ if .off }}a{{ else if .on }}b{{ end }}", ["b ? off, on"]),
    "after the end": ("{{ if .on }}a{{ end }}b", ["a ? on", "b"]),
    "assignment in if": (
        '{{ $x := "a" }}{{ if .on }}{{ $x = .name }}{{ end }}{{ $x }}',
        [" ? on", "web = name ? on"],
    ),
    "no assignment in if": (
        '{{ $x := "a" }}{{ if .off }}{{ $x = .name }}{{ end }}{{ $x }}',
        [" ? off", "a ? off"],
    ),
    "with and dot": ("{{ with .image }}{{ .name }}{{ end }}", ["app = image.name ? image"]),
    "with and variable": ("{{ with $i := .image }}{{ $i.name }}{{ end }}", ["app = image.name ? image"]),
    "with that fails": ("{{ with .blank }}a{{ else }}{{ .name }}{{ end }}", ["web = name ? blank"]),
    "range": ("{{ range .list }}{{ . }}{{ end }}", ["x = list.0 ? list", "y = list.1 ? list"]),
    "range with index": (
        "{{ range $i, $e := .list }}{{ $i }}{{ $e }}{{ end }}",
        ["0 ~ list ? list", "x = list.0 ? list", "1 ~ list ? list", "y = list.1 ? list"],
    ),
    "range over map": (
        "{{ range $k, $v := .map }}{{ $k }}{{ $v }}{{ end }}",
        ["k ~ map ? map", "v = map.k ? map", "l ~ map ? map", "w = map.l ? map"],
    ),
    "range over a map that a condition filled": (
        '{{ $m := dict }}{{ if .on }}{{ $_ := set $m "k" .name }}{{ end }}'
        "{{ range $k, $v := $m }}{{ $k }}{{ $v }}{{ end }}",
        [" ? on", "k ? on", "web = name ? on"],
    ),
    "range over maps": ("{{ range .maps }}{{ .n }}{{ end }}", ["p = maps.0.n ? maps", "q = maps.1.n ? maps"]),
    "range over nothing": ("{{ range .none }}a{{ end }}", [" ? none"]),
    "range with else": ("{{ range .none }}a{{ else }}b{{ end }}", ["b ? none"]),
    "break": ("{{ range .list }}{{ if $.on }}{{ break }}{{ end }}{{ . }}{{ end }}b", [" ? list, on", "b"]),
    "continue": (
        "{{ range .list }}{{ if $.on }}{{ continue }}{{ end }}{{ . }}{{ end }}",
        [" ? list, on", " ? list, on"],
    ),
    "continue under with": (
        "{{ range .list }}{{ with $.name }}{{ continue }}{{ end }}{{ end }}{{ .name }}",
        [" ? list, name", " ? list, name", "web = name"],
    ),
    "template": ('{{ define "d" }}{{ .name }}{{ end }}{{ template "d" .image }}', ["app = image.name"]),
    "include": ('{{ define "d" }}<{{ .name }}>{{ end }}{{ include "d" .image }}', ["<", "app = image.name", ">"]),
    "include in condition": (
        '{{ define "d" }}{{ .name }}{{ end }}{{ if include "d" . }}a{{ end }}',
        ["a ? name"],
    ),
    "include that decides": (
        '{{ define "d" }}{{ if .off }}a{{ end }}{{ end }}{{ include "d" . | default .name }}',
        ["web = name ? off"],
    ),
    "tpl": ("{{ tpl .text . }}", ["web = name ? text", "! = text ? text"]),
    "tpl of plain text": ("{{ tpl .name . }}", ["web = name ? name"]),
    "tpl of literal": ('{{ tpl "a{{ .name }}" . }}', ["a", "web = name"]),
    "tpl with a hole": ("{{ tpl .hole . }}", ["a = hole ? hole", " ~ absent ? hole", "- = hole ? hole"]),
    "after tpl of plain text": ('{{ $x := tpl "a" .image }}{{ .name }}', ["web = name"]),
}
EXPRESSIONS = {
    "or, first": ("or .name .tag", ["web = name"]),
    "or, second": ("or .blank .name", ["web = name ? blank"]),
    "or, none": ('or .blank .off ""', [" ? blank, off"]),
    "and, first": ("and .blank .name", [" = blank"]),
    "and, last": ("and .on .name", ["web = name ? on"]),
    "or, piped": (".name | or .blank", ["web = name ? blank"]),
    "default, value": ('.name | default "x"', ["web = name"]),
    "default, literal": ('.blank | default "x"', ["x ? blank"]),
    "default, other key": (".image.tag | default .tag", ["1.2 = tag ? image.tag"]),
    "coalesce": ("coalesce .absent .blank .name .tag", ["web = name ? absent, blank"]),
    "ternary": ("ternary .name .tag .off", ["1.2 = tag ? off"]),
    "printf": ('printf "%s:%s" .name .tag', ["web = name", "1.2 = tag"]),
    "printf of number": ('printf "%s:%v" .name .port', ["web = name", "80 ~ port"]),
    "printf of map": ('printf "%v" .map', ["map[k:v l:w] ~ map.k, map.l"]),
    "printf with key as format": ("printf .text", ["{{ .name }}! = text"]),
    "index": ('index .map "k"', ["v = map.k"]),
    "index by key": ("index .map (.list | first | replace `x` `k`)", ["v = map.k ? list, list.0"]),
    "no rule": ("add .port 1", ["81 ~ port"]),
    "no rule, container": ("has .name .list", ["false ~ name, list.0, list.1"]),
    "glance": ("len .list", ["2 ~ list"]),
    "comparison": ('eq .name "web"', ["true ~ name"]),
}


@pytest.mark.parametrize(("template", "wanted"), STATEMENTS.values(), ids=STATEMENTS.keys())
def test_statement_writes_spans(template, wanted):
    assert _spans(template) == wanted


@pytest.mark.parametrize(("expression", "wanted"), EXPRESSIONS.values(), ids=EXPRESSIONS.keys())
def test_expression_gives_spans(expression, wanted):
    assert _spans(f"{{{{ {expression} }}}}") == wanted


def test_spans_name_the_actions_that_wrote_them_from_the_outermost_inwards():
    template = '{{ define "d" }}a {{ .name }}{{ end }}b {{ include "d" . }}'
    _, spans = _traced(template, {"name": "web"})
    places = [[template[offset:][:11] for _, offset in span.place] for span in spans]
    assert places == [["b {{ includ"], ['include "d"', "a {{ .name "], ['include "d"', ".name }}{{ "]]


def test_spans_of_a_template_call_name_the_call_when_it_writes():
    template = '{{ define "d" }}{{ .name }}{{ end }}{{ template "d" . }}'
    _, [span] = _traced(template, {"name": "web"})
    assert [template[offset:][:11] for _, offset in span.place] == ['"d" . }}', ".name }}{{ "]


def test_long_texts_count_against_the_output_limit_as_in_a_plain_render():
    from chartkit.errors import LimitError

    with pytest.raises(LimitError, match="more than 100000 characters"):
        _traced('{{ $x := repeat 200000 "a" }}', {}, Limits(output_characters=100_000))
