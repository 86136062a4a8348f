"""Charts that try to use up the machine are refused, quickly and by name."""

import pytest

from chartkit.errors import ExecError, LimitError

DOUBLING_MAP = '{{ $d := dict }}{{ range 60 }}{{ $d = dict "a" $d "b" $d }}{{ end }}'
DOUBLING_LIST = "{{ $l := list 1 2 }}{{ range 40 }}{{ $l = list $l $l }}{{ end }}"


@pytest.mark.parametrize(
    ("template", "message"),
    [
        ('{{ nindent 4000000000 "a" }}', "indented"),
        ("{{ randAlphaNum 4000000000 }}", "random text"),
        ('{{ repeat 4000000000 "a" }}', "repeated"),
        ("{{ until 1000000000 }}", "more than"),
        ("{{ range 1000000000 }}{{ end }}", "loop passes"),
        ('{{ $x := "0123456789" }}{{ range 60 }}{{ $x = print $x $x }}{{ end }}', "characters"),
        ("{{ $l := list 1 }}{{ range 60 }}{{ $l = concat $l $l }}{{ end }}", "characters"),
        (DOUBLING_MAP + "{{ toJson $d }}", "nodes"),
        (DOUBLING_MAP + "{{ toYaml $d }}", "nodes"),
        (DOUBLING_MAP + "{{ $d }}", "nodes"),
        (DOUBLING_LIST + "{{ deepCopy $l | len }}", "nodes"),
        (DOUBLING_LIST + "{{ toString $l | len }}", "nodes"),
    ],
)
def test_render_refuses_what_grows_without_end(render, template, message):
    with pytest.raises(LimitError, match=message):
        render(template)


def test_render_bounds_a_regex_that_would_blow_up(render):
    text = render('{{ regexReplaceAll "(a+)+$" (printf "%sb" (repeat 40 "a")) "x" }}')
    assert text == "a" * 40 + "b"


def test_render_stops_endless_includes_with_helms_words(render):
    with pytest.raises(ExecError, match="rendering template has a nested reference name: x"):
        render('{{ define "x" }}{{ include "x" . }}{{ end }}{{ include "x" . }}')


def test_render_stops_endless_template_calls_with_gos_words(render):
    with pytest.raises(ExecError, match=r"exceeded maximum template depth \(100000\)"):
        render('{{ define "x" }}{{ template "x" . }}{{ end }}{{ template "x" . }}')


def test_render_goes_as_deep_as_helm_does(render):
    count = '{{ define "x" }}{{ if gt . 0 }}{{ template "x" (int (sub . 1)) }}{{ else }}end{{ end }}{{ end }}'
    assert render(count + '{{ template "x" 20000 }}') == "end"


def test_render_begins_anew_after_it_went_too_deep(render):
    """The second try on a deeper stack must not see what the first one changed."""
    once = '{{ if hasKey .Values "seen" }}twice{{ else }}once{{ end }}{{ $_ := set .Values "seen" true }}'
    count = '{{ define "x" }}{{ if gt . 0 }}{{ template "x" (int (sub . 1)) }}{{ end }}{{ end }}'
    assert render(count + once + '{{ template "x" 20000 }}') == "once"
