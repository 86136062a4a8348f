"""The public way through the engine: load, compile, read values, render."""

import pytest

from chartkit import Release, compile_chart, load_chart, read_values
from chartkit.ambient import Ambient
from chartkit.errors import DependencyError, ExecError, FailError, InputError, LoadError, ParseError
from chartkit.profile import HELM_4_3


def test_render_starts_fresh_each_time(render, tmp_path):
    render('{{ $_ := set .Values "a" (add .Values.a 1) }}{{ .Values.a }}', "a: 1")
    chart = load_chart(tmp_path / "tc")
    program = compile_chart(chart)
    values = read_values(chart)
    texts = [program.render(values, Release("r")).files["tc/templates/t.yaml"] for _ in range(3)]
    assert texts == ["2", "2", "2"]


def test_render_shares_values_between_files_in_helms_order(render):
    files = {"templates/z.yaml": '{{ $_ := set .Values "from" "z" }}', "templates/a/deep.yaml": "{{ .Values.from }}"}
    assert render("{{ .Values.from }}", "from: default", files=files) == "z"


@pytest.mark.parametrize(
    ("template", "kind", "message"),
    [
        ("{{ nope }}", ParseError, 'parse error at (tc/templates/t.yaml:1): function "nope" not defined'),
        ('{{ fail "no" }}', FailError, "execution error at (tc/templates/t.yaml:1:3): no"),
        ('{{ required "r" .Values.x }}', FailError, "execution error at (tc/templates/t.yaml:1:3): r"),
        (
            "{{ .Values.a.b.c }}",
            ExecError,
            'tc/templates/t.yaml:1:10\n  executing "tc/templates/t.yaml" at <.Values.a.b.c>:\n'
            "    nil pointer evaluating interface {}.c",
        ),
    ],
)
def test_render_fails_in_helms_words(render, template, kind, message):
    with pytest.raises(kind) as caught:
        render(template, "a: {}")
    assert str(caught.value) == message
    assert caught.value.position.line == 1


def test_render_tells_the_way_to_a_failure_inside_an_include(render):
    with pytest.raises(ExecError) as caught:
        render('{{ define "x" }}\n{{ .a.b }}{{ end }}{{ include "x" .Values }}')
    assert [place.line for place in caught.value.chain] == [2, 2]
    assert "error calling include:" in str(caught.value)


def test_render_is_repeatable_with_a_seed(render):
    import random

    template = '{{ randAlphaNum 20 }} {{ uuidv4 }} {{ shuffle "abcdefgh" }}'
    texts = {render(template, ambient=Ambient(HELM_4_3, random=random.Random(7))) for _ in range(2)}
    assert len(texts) == 1


def test_render_names_missing_dependencies_and_goes_on(tmp_path):
    (tmp_path / "Chart.yaml").write_text(
        "apiVersion: v2\nname: tc\nversion: 0.1.0\ndependencies: [{name: gone, version: 1.x}]\n"
    )
    chart = load_chart(tmp_path)
    program = compile_chart(chart)
    assert any("gone" in warning for warning in program.render(read_values(chart), Release("r")).warnings)
    with pytest.raises(DependencyError, match="gone"):
        program.render(read_values(chart), Release("r"), installing=True)


def test_render_refuses_to_install_a_library(tmp_path):
    (tmp_path / "Chart.yaml").write_text("apiVersion: v2\nname: tc\nversion: 0.1.0\ntype: library\n")
    chart = load_chart(tmp_path)
    with pytest.raises(LoadError, match="library charts are not installable"):
        compile_chart(chart).render(read_values(chart), Release("r"), installing=True)


def test_render_refuses_to_install_under_a_bad_name(tmp_path):
    (tmp_path / "Chart.yaml").write_text("apiVersion: v2\nname: tc\nversion: 0.1.0\n")
    chart = load_chart(tmp_path)
    with pytest.raises(InputError, match="Not_OK"):
        compile_chart(chart).render(read_values(chart), Release("Not_OK"), installing=True)


def test_compile_reads_the_files_anew_for_another_helm(render):
    two = "a: 1\n---\na: 2\n"
    assert render("{{ .Values.a }}", two, helm="4.3") == "2"
    assert render("{{ .Values.a }}", two, helm="3.17") == "1"


def test_text_is_what_helm_template_prints(render, tmp_path):
    render("a: 1\n---\nkind: Service\n")
    chart = load_chart(tmp_path / "tc")
    rendering = compile_chart(chart).render(read_values(chart), Release("r"))
    assert rendering.text == (
        "---\n# Source: tc/templates/t.yaml\nkind: Service\n\n---\n# Source: tc/templates/t.yaml\na: 1\n"
    )


def test_notes_are_apart_from_the_text(render, tmp_path):
    render("", files={"templates/NOTES.txt": "Hello {{ .Release.Name }}"})
    chart = load_chart(tmp_path / "tc")
    rendering = compile_chart(chart).render(read_values(chart), Release("r"))
    assert rendering.notes == "Hello r"
    assert "Hello" not in rendering.text
