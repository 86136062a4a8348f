"""What the analysis says that a template reads."""

import pytest

from chartkit.engine.function_table import functions
from chartkit.engine.reads import PLAIN, Analysis, Unbounded, Way
from chartkit.gotemplate.parser import parse
from chartkit.profile import NEWEST
from chartkit.source import Source

MAIN = "c/templates/main.yaml"
CONSTANTS = {("Template", "BasePath"): "c/templates", ("Chart", "Name"): "c"}


ROOT = Way(())


def found(text, dot=ROOT):
    analysis = Analysis(parse(Source(MAIN, text), functions(NEWEST)), CONSTANTS)
    analysis.enter(MAIN, dot)
    return analysis.found


def wholes(text):
    return {".".join(path) for path, whole in found(text).paths if whole}


@pytest.mark.parametrize(
    ("text", "ways"),
    [
        pytest.param("{{ .Values.a.b }}", {"a.b"}, id="chain"),
        pytest.param("{{ $.Values.a }}{{ $v := .Values.m }}{{ $v.x }}", {"a", "m.x"}, id="variable"),
        pytest.param("{{ if .Values.a }}{{ .Values.b }}{{ else }}{{ .Values.c }}{{ end }}", {"a", "b", "c"}, id="if"),
        pytest.param("{{ with .Values.a }}{{ .x }}{{ end }}", {"a", "a.x"}, id="with"),
        pytest.param("{{ range $k, $v := .Values.a }}{{ $v.x }}{{ .y }}{{ end }}", {"a"}, id="range"),
        pytest.param("{{ toYaml .Values.a | nindent 2 }}", {"a"}, id="function"),
        pytest.param('{{ index .Values "a" "b" }}{{ get .Values.m "k" }}', {"a.b", "m.k"}, id="index"),
        pytest.param('{{ if hasKey .Values.m "k" }}{{ end }}', {"m.k"}, id="hasKey"),
        pytest.param("{{ (.Values.a).b }}", {"a.b"}, id="chain of a pipe"),
        pytest.param("{{ .Values.AsMap }}", {""}, id="method"),
        pytest.param("{{ range .Values }}{{ end }}", {""}, id="all values"),
        pytest.param('{{ define "d" }}{{ .Values.a }}{{ end }}{{ include "d" . }}', {"a"}, id="include"),
        pytest.param('{{ define "d" }}{{ .a }}{{ end }}{{ template "d" .Values }}', {"a"}, id="template"),
        pytest.param(
            '{{ define "d" }}{{ .c.Values.a }}{{ .v.x }}{{ end }}{{ include "d" (dict "c" . "v" .Values.m) }}',
            {"a", "m.x"},
            id="map of contexts",
        ),
        pytest.param(
            '{{ define "d" }}{{ (index . 0).Values.a }}{{ end }}{{ include "d" (list .) }}',
            {"a"},
            id="list of contexts",
        ),
        pytest.param(
            '{{ define "c.d" }}{{ .Values.a }}{{ end }}{{ include (printf "%s.d" .Chart.Name) . }}',
            {"a"},
            id="name put together",
        ),
        pytest.param(
            '{{ define "d" }}{{ if .no }}{{ toYaml .c }}{{ end }}{{ end }}{{ include "d" (dict "c" .) }}',
            set(),
            id="branch that is never taken",
        ),
        pytest.param("{{ $v := .Values.a }}{{ $v = .Values.b }}{{ $v }}", {"a", "b"}, id="assignment"),
        pytest.param("{{ .Release.Name }}{{ .Chart.Version }}{{ .Files.Get `x` }}", set(), id="constants"),
    ],
)
def test_analysis_finds_what_is_read(text, ways):
    assert wholes(text) == ways


def test_analysis_notes_a_chain_that_nobody_uses():
    assert found("{{ $v := .Values.a.b }}").paths == {(("a", "b"), False)}


def test_ways_leaves_out_what_lies_in_something_that_is_read():
    assert found("{{ .Values.a.b }}{{ .Values.a }}{{ .Values.c }}").ways == [(("a",), True), (("c",), True)]


@pytest.mark.parametrize(
    "text",
    [
        "{{ now }}",
        "{{ randAlphaNum 3 }}",
        "{{ uuidv4 }}",
        '{{ genCA "x" 1 }}',
        '{{ htpasswd "a" "b" }}',
        '{{ toDate "2006" "2020" }}',
        "{{ toYaml . }}",
        "{{ .Subcharts.x.Values.a }}",
        "{{ .Chart.Dependencies }}",
        '{{ define "d" }}{{ now }}{{ end }}{{ include "d" . }}',
        '{{ define "d" }}{{ now }}{{ end }}{{ include .Values.name . }}',
    ],
)
def test_analysis_tells_what_depends_on_more_than_values(text):
    assert not found(text).fixed


@pytest.mark.parametrize(
    "text",
    [
        '{{ $_ := set .Values "a" 1 }}',
        '{{ $_ := set . "a" 1 }}',
        '{{ $_ := unset .Values.m "a" }}',
        "{{ $_ := merge .Values.a .Values.b }}",
        "{{ $_ := merge (dict) .Values.a .Values.b }}",
        '{{ $_ := mergeOverwrite (dict "m" .Values.m) .Values.b }}',
        '{{ $v := .Values.m }}{{ $_ := set $v "a" 1 }}',
        '{{ $v := dict "m" .Values.m }}{{ $_ := set $v.m "a" 1 }}',
        '{{ $v := default dict .Values.m }}{{ $_ := set $v "a" 1 }}',
        '{{ $v := dict }}{{ $v = .Values.m }}{{ $_ := set $v "a" 1 }}',
        '{{ $v := dict }}{{ $_ := set $v "m" .Values.m }}{{ $_ = merge $v (dict "m" (dict "x" 1)) }}',
        '{{ $v := dict "a" 1 }}{{ $w := $v }}{{ $_ := set $w "a" .Values.b }}',
        '{{ range .Values.l }}{{ $_ := set . "a" 1 }}{{ end }}',
        '{{ define "d" }}{{ $_ := set .Values "a" 1 }}{{ end }}{{ include "d" . }}',
        '{{ define "d" }}{{ $_ := set . "a" 1 }}{{ end }}{{ include "d" (dict) }}',
        '{{ define "d" }}{{ $_ := set .Values "a" 1 }}{{ end }}{{ include .Values.name . }}',
        '{{ $_ := "x" | set .Values "a" }}',
        "{{ $ = .Values }}",
    ],
)
def test_analysis_tells_what_may_change_the_values_of_others(text):
    assert found(text).mutates


@pytest.mark.parametrize(
    "text",
    [
        '{{ $v := dict }}{{ $_ := set $v "a" .Values.a }}',
        '{{ $v := deepCopy .Values.m }}{{ $_ := set $v "a" 1 }}',
        "{{ $v := dict }}{{ range .Values.l }}{{ $v = merge $v (fromYaml .) }}{{ end }}",
        '{{ $_ := merge (dict "a" 1) .Values.m }}',
        "{{ $_ := mustMergeOverwrite (deepCopy .Values.a) (deepCopy .Values.b) }}",
        '{{ $v := list }}{{ $v = append $v .Values.a }}{{ $_ := omit .Values.m "x" }}',
    ],
)
def test_analysis_allows_changes_to_what_a_template_has_made_for_itself(text):
    assert not found(text).mutates


def test_analysis_gives_up_on_templates_that_call_each_other_without_end():
    with pytest.raises(Unbounded):
        found('{{ define "d" }}{{ include "d" (dict "x" .) }}{{ end }}{{ include "d" . }}')


def test_analysis_with_an_unknown_dot_tells_what_may_change():
    assert found('{{ $_ := set . "a" 1 }}', PLAIN).mutates
