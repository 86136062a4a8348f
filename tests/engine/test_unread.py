from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from chartkit import compile_chart, load_chart, read_values
from chartkit.chart.files import File
from chartkit.chart.loader import chart_from_files
from chartkit.engine.release import Release
from chartkit.engine.unread import UnreadKey, known_keys, unread_keys

ROOT = Path(__file__).parents[2]
METADATA = "apiVersion: v2\nname: demo\nversion: 1.0.0\n"

Unread = Callable[..., tuple[UnreadKey, ...]]


@pytest.fixture
def unread(tmp_path: Path) -> Unread:
    """The unread keys of a chart with one template, and perhaps more files, for a text of values."""

    def run(
        template: str, given: str, defaults: str = "", files: dict[str, str] | None = None, metadata: str = ""
    ) -> tuple[UnreadKey, ...]:
        every = {"Chart.yaml": METADATA + metadata, "values.yaml": defaults, "templates/t.yaml": template}
        every |= files or {}
        program = compile_chart(chart_from_files([File(name, text.encode()) for name, text in every.items()]))
        path = tmp_path / "mine.yaml"
        path.write_text(given)
        return unread_keys(program.trace(read_values(files=[path]), Release("r")))

    return run


def _wrong(keys: tuple[UnreadKey, ...]) -> list[str]:
    return [key.path for key in keys if not key.known]


def _known(keys: tuple[UnreadKey, ...]) -> dict[str, str]:
    return {key.path: key.known for key in keys if key.known}


def test_the_misspelt_registry_is_named_with_its_place() -> None:
    program = compile_chart(load_chart(ROOT / "charts/orkes-conductor"))
    file = ROOT / "fixtures/orkes/e07-misspelt-key.yaml"
    (key,) = unread_keys(program.trace(read_values(files=[file]), Release("c")))
    assert str(key) == "global.image.registries is never read; did you mean global.image.registry?"
    assert (str(key.position), key.layer, key.known) == (f"{file}:4:5", f"-f {file}", "")


@pytest.mark.parametrize(
    "name", sorted(path.stem for path in (ROOT / "fixtures/orkes").glob("p*.yaml")) + ["production", "secrets-list"]
)
def test_values_that_are_right_have_no_unread_keys(name: str) -> None:
    program = compile_chart(load_chart(ROOT / "charts/orkes-conductor"))
    values = read_values(files=[ROOT / f"fixtures/orkes/{name}.yaml"])
    assert _wrong(unread_keys(program.trace(values, Release("c")))) == []


@pytest.mark.parametrize(
    ("flag", "told"),
    [
        ("sever.image.tag=1", "sever is never read; did you mean server?"),
        ("server.imagee.tag=2", "server.imagee is never read; did you mean server.image?"),
        ("image.registry=a", "image.registry is never read; did you mean global.image.registry?"),
        ("server.image.repo=a", "server.image.repo is never read; did you mean server.image.repository?"),
        ("bogus=1", "bogus is never read"),
    ],
)
def test_an_unread_key_of_a_flag_has_a_place_and_advice(flag: str, told: str) -> None:
    program = compile_chart(load_chart(ROOT / "charts/orkes-conductor"))
    (key,) = unread_keys(program.trace(read_values(set=[flag]), Release("c")))
    assert str(key) == told
    assert (key.layer, str(key.position)) == ("--set", f"--set:1:{flag.index('=') + 2}")


@pytest.mark.parametrize(
    "template",
    [
        "a: {{ toYaml .Values.x | nindent 2 }}",
        "a: {{ .Values.x | toJson }}",
        "{{ range $k, $v := .Values.x }}\n{{ $k }}: {{ $v }}{{ end }}",
        "a: {{ .Values.x | quote }}",
        'a: {{ printf "%v" .Values.x }}',
        "a: {{ .Values.x }}",
        "{{ with .Values.x }}\na: {{ toYaml . | nindent 2 }}{{ end }}",
        'a: {{ include "it" (dict "all" .Values.x) }}{{ define "it" }}{{ toJson .all }}{{ end }}',
        "a: {{ deepCopy .Values.x | toJson }}",
        "a: {{ merge (dict) .Values.x | toJson }}",
        "a: {{ .Values | toJson }}",
        "a: {{ .Values.x.p }}{{ .Values.AsMap | toJson }}",
        "a: {{ tpl (toJson .Values.x) . }}",
        "{{ range $k, $_ := .Values.x }}\na: {{ get $.Values.x $k | toJson }}{{ end }}",
    ],
    ids=str,
)
def test_what_is_taken_as_a_whole_is_read(unread: Unread, template: str) -> None:
    assert _wrong(unread(template, "x: {p: 1, q: {r: {}, s: [], t: 2}, u: null}\n")) == []


@pytest.mark.parametrize(
    ("template", "given", "wrong"),
    [
        ("a: {{ .Values.x.p }}", "x: {p: 1, q: 2}", ["x.q"]),
        ("a: {{ (.Values.x | default dict).p }}", "x: {q: {r: 2}}", ["x.q"]),
        ('a: {{ get .Values.x "p" }}{{ dig "z" "y" 1 .Values.x }}', "x: {p: 1, z: {w: 2}}", ["x.z.w"]),
        ("a: {{ with .Values.x }}{{ .p }}{{ end }}", "x: {p: 1, q.w: 2}", [r"x.q\.w"]),
        ("a: {{ range .Values.l }}{{ .name }}{{ end }}", "l: [{name: a}, {nam: b}]", ["l[1].nam"]),
        ("a: {{ if not .Values.x.p }}1{{ end }}{{ len .Values.x }}", "x: {p: 1, q: 2}", ["x.q"]),
        ("a: 1", "x: {p: 1}\nz: 2", ["x", "z"]),
        ("a: {{ has 1 .Values.l }}", "l: [1, 2]", []),
    ],
)
def test_a_key_on_the_way_does_not_count_for_what_stands_beside(
    unread: Unread, template: str, given: str, wrong: list[str]
) -> None:
    assert _wrong(unread(template, given)) == wrong


@pytest.mark.parametrize(
    ("template", "given"),
    [
        ("a: {{ .Values.on }}{{ if .Values.on }}{{ .Values.x.q }}{{ end }}", "x: {q: 1}"),
        ("a: {{ .Values.on }}{{ if .Values.on }}{{ with .Values.x }}{{ .q }}{{ end }}{{ end }}", "x: {q: 1}"),
        ('a: {{ .Values.x.p }}{{ if .Values.on }}{{ get .Values.x "q" }}{{ end }}', "x: {q: 1}"),
        ("a: {{ .Values.x.p }}{{ if .Values.on }}{{ toYaml .Values.x }}{{ end }}", "x: {q: 1}"),
        ("a: {{ .Values.x.p }}{{ if .Values.on }}{{ $x := .Values.x }}{{ $x.q }}{{ end }}", "x: {q: 1}"),
        ("a: {{ index .Values.x .Values.size }}", "size: s\nx: {s: 1, q: 2}"),
        ('a: {{ if .Values.on }}{{ include "d" .Values.x }}{{ end }}{{ define "d" }}{{ .q }}{{ end }}', "x: {q: 1}"),
        ("a: {{ .Values.x.p }}", "x: {q: 1}\nx2: &a {z: 1}\n"),
    ],
    ids=["field", "with", "get", "toYaml", "variable", "index", "define", "anchor"],
)
def test_what_a_branch_that_is_off_would_read_is_known(unread: Unread, template: str, given: str) -> None:
    keys = unread(template, given)
    assert _wrong(keys) == (["x.q"] if "&" in given else [])
    assert set(_known(keys).values()) <= {"what reads it is not reached", "it holds an anchor"}
    assert _known(keys)


def test_defaults_and_schema_make_a_key_known(unread: Unread) -> None:
    schema = '{"properties": {"s": {"$ref": "#/$defs/s"}}, "$defs": {"s": {"properties": {"t": {}}}}}'
    keys = unread("a: {{ .Values.s.p }}", "d: {e: 1}\ns: {t: 1, u: 2}\n", "d: {}\n", {"values.schema.json": schema})
    assert _known(keys) == {"d": "it is among the chart's defaults", "s.t": "the chart's schema names it"}
    assert _wrong(keys) == ["s.u"]


def test_a_name_that_only_another_block_has_is_no_excuse(unread: Unread) -> None:
    template = (
        "a: {{ .Values.image.registry }}{{ if .Values.off }}{{ range .Values.other.registries }}{{ end }}{{ end }}"
    )
    assert _wrong(unread(template, "image: {registries: x}")) == ["image.registries"]


_SUBCHARTS = """\
dependencies:
- {name: web, alias: front, version: 1.0.0, condition: "front.enabled,front.wanted"}
- {name: web, alias: back, version: 1.0.0, tags: [backs]}
- {name: web, version: 1.0.0, condition: web.enabled}
"""
_WEB = {
    "charts/web/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n",
    "charts/web/values.yaml": "enabled: true\n",
    "charts/web/templates/t.yaml": "a: {{ .Values.image }}{{ .Values.global.registry }}\n",
}


def test_subcharts_read_their_own_keys_and_the_globals(unread: Unread) -> None:
    given = (
        "tags: {backs: true, nope: 1}\nfront: {enabled: true, wanted: true, image: a, imagee: b}\n"
        "web: {enabled: false, whatever: 1}\nback: {image: c, global: {registry: d}}\n"
        "global: {registry: e, registri: f}\n"
    )
    keys = unread("a: 1", given, files=_WEB, metadata=_SUBCHARTS)
    assert _wrong(keys) == ["tags.nope", "front.imagee", "global.registri"]
    assert _known(keys) == {"web.whatever": "the subchart web is off"}


def test_known_keys_are_those_read_given_and_defaults() -> None:
    files = {"Chart.yaml": METADATA, "values.yaml": "d: {e: 1}\n", "templates/t.yaml": "a: {{ (.Values.r).s }}"}
    program = compile_chart(chart_from_files([File(name, text.encode()) for name, text in files.items()]))
    known = known_keys(program.trace(read_values(set=["g.h=1"]), Release("r")))
    assert {"d", "d.e", "r", "r.s", "g", "g.h"} <= known
