from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from chartkit.chart.loader import load_chart
from chartkit.codecache import seal, unseal
from chartkit.engine.compiled import CompiledChart, Tier, compile_chart
from chartkit.engine.release import Release
from chartkit.errors import ChartkitError, LimitError
from chartkit.gotemplate import fast as fast_module
from chartkit.gotypes import NilMap, NilStringMap, StringMap, Values
from chartkit.limits import Limits
from chartkit.profile import PROFILES
from chartkit.values.inputs import ValuesInput, read_values

sys.path.insert(0, str(Path(__file__).parent))

from tiers import both, chart_of, outcome  # noqa: E402

ROOT = Path(__file__).parents[2]
CASES = [
    json.loads(line) for line in (ROOT / "fixtures" / "helm" / "cases.jsonl").read_text("utf-8").split("\n") if line
]
ENGINE_CASES = [case for case in CASES if case["level"] == "engine"]
VALUES = {
    "a": "x",
    "n": 3.0,
    "t": True,
    "nil": None,
    "list": ["p", "q", None, {"k": "v"}],
    "map": {"b": {"c": "deep"}, "empty": {}, "nil": None, "s": "quote\"d'é"},
    "text": '{{ .Values.a }}-{{ include "h" . }}',
}
HELPER = '{{ define "h" }}[{{ . | kindOf }}]{{ end }}{{ define "self" }}{{ .Values.a }}{{ end }}'

TEMPLATES = [
    "plain text",
    "",
    "{{ .Values.a }} {{ .Values.n }} {{ .Values.t }} {{ .Values.nil }} {{ .Values.list }} {{ .Values.map }}",
    "{{ .Values.missing }}|{{ .Values.map.b.c }}|{{ .Values.map.b.missing }}",
    "{{ .Values.missing.deeper }}",
    "{{ .Values.nil.x }}",
    "{{ .Values.a.x }}",
    "{{ (index .Values.list 3).k }} {{ (first .Values.list) }} {{ (index .Values.list 2).k }}",
    "{{ with .Values.map }}{{ .b.c }}{{ $.Values.a }}{{ else }}none{{ end }}",
    "{{ with .Values.missing }}x{{ else with .Values.a }}{{ . }}{{ else }}y{{ end }}",
    "{{ if .Values.nil }}1{{ else if .Values.t }}2{{ else }}3{{ end }}",
    "{{ range .Values.list }}<{{ . }}>{{ end }}{{ range $i, $x := .Values.list }}{{ $i }}={{ $x }};{{ end }}",
    "{{ range $k, $v := .Values.map }}{{ $k }}:{{ $v }} {{ end }}{{ range .Values.nil }}x{{ else }}empty{{ end }}",
    "{{ range .Values.list }}{{ if eq (kindOf .) `invalid` }}{{ continue }}{{ end }}{{ . }}{{ end }}",
    "{{ range $i, $e := .Values.list }}{{ if gt $i 0 }}{{ break }}{{ end }}{{ $e }}{{ end }}",
    "{{ range .Values.list }}{{ .k }}{{ end }}",
    "{{ range 3 }}{{ . }}{{ end }}{{ range $i := int64 2 }}{{ $i }}{{ end }}",
    "{{ range .Values.a }}{{ end }}",
    "{{ range .Values.n }}{{ end }}",
    "{{ $x := 1 }}{{ if true }}{{ $x = 2 }}{{ $x := 3 }}{{ $x }}{{ end }}{{ $x }}",
    "{{ $x := .Values.a }}{{ with $x }}{{ $x = `new` }}{{ . }}{{ $x }}{{ end }}",
    "{{ $x := `a` }}{{ printf `%s%s` $x ($x | upper) }}",
    "{{ $i := 0 }}{{ $e := 0 }}{{ range $i, $e = .Values.list }}{{ end }}{{ $i }}{{ $e }}",
    "{{ and .Values.a .Values.nil .Values.missing.x }}|{{ or .Values.nil .Values.a (fail `no`) }}|{{ or nil `` 0 }}",
    "{{ .Values.t | and .Values.a }} {{ .Values.nil | or .Values.missing }} {{ and 1 nil }}",
    "{{ eq .Values.a `x` }} {{ eq .Values.n 3.0 }} {{ eq .Values.a `y` `x` }} {{ ne .Values.nil nil }} "
    "{{ eq nil nil }}",
    "{{ eq .Values.n 3 }}",
    "{{ lt .Values.a .Values.n }}",
    "{{ default `d` .Values.nil }} {{ .Values.a | default `d` }} {{ default `d` }} {{ coalesce .Values.nil `` `c` }}",
    "{{ ternary `y` `n` .Values.t }} {{ .Values.a | ternary `y` `n` }}",
    "{{ quote .Values.map.s 1 nil }} {{ quote .Values.map.s }} {{ squote .Values.map.s }} {{ quote 5 }} "
    "{{ quote nil }}",
    "{{ printf `%s-%v` .Values.a .Values.map.s }} {{ printf `%d%%` 3 }} {{ printf `%s` .Values.n }} {{ "
    "printf `{%s}` `'` }}",
    "{{ .Values.map | toYaml | nindent 2 }}{{ toYaml .Values.list | indent 4 }}{{ nindent -1 `a` }}",
    "{{ .Values.n | nindent 2 }}",
    "{{ trunc 3 `abcdé` }} {{ trunc -2 `abc` }} {{ `abc-` | trimSuffix `-` }} {{ replace `a` `b` `aaa` }}",
    "{{ hasKey .Values `a` }} {{ hasKey .Values.map `zz` }} {{ hasKey .Values.nil `x` }}",
    "{{ $m := .Values.missing }}{{ hasKey $m `x` }}",
    "{{ get .Values `a` }} {{ index .Values `a` }} {{ index .Values.map `b` `c` }} {{ index .Values.list 9 }}",
    "{{ $d := dict `a` 1 `b` (list 1 `x`) }}{{ $_ := set $d `c` $d.a }}{{ $d }} {{ dict 1 2 }} {{ dict `odd` }}",
    "{{ kindIs `map` .Values.map }} {{ kindIs `string` .Values.n }} {{ typeOf .Values }} {{ kindIs "
    "`slice` .Values.nil }}",
    "{{ include `h` . }} {{ include `h` .Values.list | upper }} {{ template `h` 1 }} {{ template `self` $ }}",
    "{{ include (print `h`) . }} {{ include (print $.Template.BasePath `/t.yaml`) dict }}",
    "{{ include `nope` . }}",
    "{{ template `nope` . }}",
    "{{ tpl .Values.text . }} {{ tpl `no braces <no value>` . }} {{ tpl `{{ .Values.x.y }}` . }}",
    '{{ tpl `{{ define "h" }}mine{{ end }}{{ include "h" . }}{{ include "self" . }}` . }}',
    "{{ .Values.list | join `,` }} {{ 1.5 }} {{ 0x1F }} {{ 'a' }} {{ 1e3 }} {{ nil | default 1 }}",
    "{{ .Files.Get `f.txt` }} {{ .Files.x }} {{ .Files.Glob `*` | len }} {{ (.Files.Glob `*.txt`).AsConfig }}",
    "{{ .Capabilities.APIVersions.Has `apps/v1` }} {{ .Capabilities.KubeVersion.Version }} {{ .Chart.Name }}",
    "{{ .Values.AsMap | len }} {{ .Values.Table `map` }} {{ .Release.Name.x }}",
    "{{ .Chart.Annotations.none }}{{ .Chart.Nothing }}{{ .Release.Nothing }}{{ .Template.Name }}",
    "{{ required `need it` .Values.nil }}",
    "{{ fail `stop` }}",
    "{{ now | date `2006-01-02T15:04:05` }} {{ randAlpha 5 }} {{ uuidv4 }} {{ now | unixEpoch }}",
    "{{ randAlpha 5 }}{{ now | unixEpoch }}{{ $_ := set .Values `seen` 1 }}{{ .Values.nil.boom }}",
    "{{ $_ := set .Values `a` `changed` }}{{ .Values.a }}",
    "{{ $x := (1 | add 2) }}{{ $x }} {{ (dict `k` `v`).k }} {{ ($y := 3) }}",
    "{{ lookup `v1` `Pod` `` `` }} {{ semverCompare `>=1.0` `1.2.3` }} {{ regexMatch `^a` `abc` }}",
    "{{ upper }}",
    "{{ nil }}",
    "{{ .Values.a | 1 }}",
    "{{ .Values.list | first | quote }} {{ .Values.a | len }} {{ len .Values.n }}",
    "{{ range $i, $e := until 3 }}{{ range $j := until $i }}{{ $i }}{{ $j }}{{ $e }} {{ end }}{{ end }}",
    '{{- /* comment */ -}} {{ `raw` }} {{ "\\u00e9\\n" }}',
]


@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("helm", ["4.3", "3.17"])
def test_generated_code_does_what_the_exact_compiler_does(template: str, helm: str) -> None:
    files = {"templates/t.yaml": template, "templates/_h.tpl": HELPER, "f.txt": "hello\n"}
    try:
        chart = chart_of(files, PROFILES[helm])
        exact, fast = both(chart, VALUES)
    except KeyError:
        pytest.skip("a function that this Helm does not have")
    assert fast == exact


@pytest.mark.parametrize(
    "first", [0, 1, 2, *(pytest.param(first, marks=pytest.mark.property(long=True)) for first in range(3, 24))]
)
def test_recorded_cases_are_the_same_in_generated_code(first: int) -> None:
    for case in ENGINE_CASES[first::24]:
        try:
            chart = chart_of(case["files"])
        except ChartkitError:
            continue
        exact, fast = both(chart, case.get("values"))
        # Keys and certificates are made by another library, which no seed reaches.
        if "gen" not in str(case["files"]):
            assert fast == exact, case["name"]


@pytest.mark.parametrize(
    "values", sorted((ROOT / "fixtures" / "orkes").glob("*.yaml"))[::5], ids=lambda path: path.stem
)
def test_our_chart_is_the_same_in_generated_code(values: Path) -> None:
    chart = load_chart(ROOT / "charts" / "orkes-conductor")
    exact, fast = both(chart, read_values(chart, files=[values]).data)
    assert fast == exact


@pytest.mark.parametrize(
    "template",
    [
        "{{ range 100000 }}{{ end }}",
        "{{ range until 50000 }}{{ end }}",
        '{{ define "x" }}{{ include "y" . }}{{ end }}{{ define "y" }}{{ include "x" . }}{{ end }}{{ include "x" . }}',
        '{{ define "x" }}{{ template "x" . }}{{ end }}{{ template "x" . }}',
        '{{ define "x" }}{{ tpl "{{ include `x` . }}" . }}{{ end }}{{ include "x" . }}',
        '{{ $x := "0123456789" }}{{ range until 40 }}{{ $x = print $x $x }}{{ end }}',
        '{{ $x := "0123456789" }}{{ range until 40 }}{{ $x = printf "%s%s" $x $x }}{{ end }}',
        '{{ define "d" }}{{ . }}{{ . }}{{ end }}{{ $x := "01" }}{{ range until 40 }}{{ $x = include "d" $x }}{{ end }}',
        "{{ $l := list 1 }}{{ range until 40 }}{{ $l = concat $l $l }}{{ end }}",
        '{{ range until 9000 }}{{ range until 9000 }}{{ "0123456789" }}{{ end }}{{ end }}',
    ],
)
def test_limits_hold_in_generated_code(template: str) -> None:
    limits = Limits(output_characters=2_000_000, loop_steps=20_000)
    exact, fast = both(chart_of({"templates/t.yaml": template}), limits=limits)
    assert fast == exact
    assert issubclass(exact[0], Exception)


def test_time_limit_holds_in_generated_code() -> None:
    loop = "{{ range until 2000 }}{{ range until 2000 }}x{{ end }}{{ end }}"
    chart = chart_of({"templates/t.yaml": loop})
    program = CompiledChart(chart, tier=Tier.FAST)
    result = outcome(program, limits=Limits(seconds=0.05))
    assert result[0] is LimitError


def test_deep_recursion_that_helm_allows_is_rendered() -> None:
    template = '{{ define "x" }}{{ if gt . 0 }}{{ include "x" (int (sub . 1)) }}{{ else }}end{{ end }}{{ end }}'
    for depth in (800, 950, 1001):
        exact, fast = both(chart_of({"templates/t.yaml": f'{template}{{{{ include "x" {depth} }}}}'}))
        assert fast == exact


def test_a_failed_try_leaves_nothing_behind() -> None:
    """The template changes values, draws, and only then does what generated code refuses; all of it happens once."""
    once = '{{ $_ := set .Values "n" (add (default 0 .Values.n) 1) }}{{ .Values.n }} {{ randAlpha 4 }} {{ now }}'
    defining = '{{ tpl `{{ define "own" }}o{{ end }}{{ include "own" . }}` . }}'
    exact, fast = both(chart_of({"templates/t.yaml": once + defining}))
    assert fast == exact
    assert exact[0]["tc/templates/t.yaml"].startswith("1 ")


def test_lenient_refusals_are_told_once() -> None:
    template = '{{ required `first` .Values.x }}{{ tpl `{{ define "o" }}{{ end }}{{ fail "second" }}` . }}'
    exact, fast = both(chart_of({"templates/t.yaml": template}), lenient=True)
    assert fast == exact
    assert fast[3] == ["first", "second"]


def test_template_that_refuses_in_vain_is_left_to_the_exact_compiler() -> None:
    text = "{{ .Files.Lines `f` | len }} {{ (now).AddDate 0 0 1 | date `2006` }}"
    program = CompiledChart(chart_of({"templates/t.yaml": text, "f": "a\nb"}), tier=Tier.FAST)
    first, later = outcome(program), [outcome(program) for _ in range(4)]
    assert all(each == first for each in later)


def test_chart_that_always_refuses_is_rendered_by_the_exact_compiler_from_then_on() -> None:
    text = '{{ tpl `{{ define "own" }}o{{ end }}{{ include "own" . }}` . }}'
    program = CompiledChart(chart_of({"templates/t.yaml": text}), tier=Tier.FAST)
    assert {outcome(program)[0]["tc/templates/t.yaml"] for _ in range(6)} == {"o"}
    assert program._fast is not None
    assert not program._fast.worthwhile


def test_generated_code_is_made_for_the_second_render() -> None:
    program = compile_chart(chart_of({"templates/t.yaml": "{{ .Values.a }}"}))
    first = outcome(program, VALUES)
    assert program._fast is None
    assert outcome(program, VALUES) == first
    assert program._fast is not None


def test_exact_tier_never_generates() -> None:
    program = CompiledChart(chart_of({"templates/t.yaml": "a"}), tier=Tier.EXACT)
    for _ in range(3):
        outcome(program)
    assert program._fast is None


def test_methods_of_maps_are_never_taken_for_keys() -> None:
    """`get` finds keys only, so that every method of a Go type that is a dict here must be known by name."""
    from chartkit.engine.files import Files

    kinds = (Values, StringMap, NilMap, NilStringMap, Files)
    named = {name for kind in kinds for name in getattr(kind, "go_methods", {})}
    assert named <= fast_module.METHODS


class MemoryCache:
    """A cache that forgets when the test ends."""

    def __init__(self) -> None:
        self.entries: dict[str, bytes] = {}
        self.stores = 0

    def load(self, name: str) -> bytes | None:
        return self.entries.get(name)

    def store(self, name: str, data: bytes) -> None:
        self.entries[name] = data
        self.stores += 1


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A chart on disk."""
    files = {
        "Chart.yaml": "apiVersion: v2\nname: tc\nversion: 0.1.0\n",
        "values.yaml": "a: 1\nsecret: hidden\n",
        "templates/_h.tpl": '{{ define "h" }}{{ .Values.a | quote }}{{ end }}{{ define "unused" }}u{{ end }}',
        "templates/t.yaml": "a: {{ include `h` . }}\n{{ if .Values.more }}b: {{ include `unused` . }}{{ end }}",
    }
    for name, text in files.items():
        path = tmp_path / "tc" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path / "tc"


def _cached_render(folder: Path, cache: MemoryCache, values: dict[str, Any] | None = None) -> tuple[CompiledChart, str]:
    chart = load_chart(folder, cache=cache)
    program = compile_chart(chart, cache=cache)
    rendering = program.render(ValuesInput((), values or {}), Release("rel"))
    return program, rendering.files["tc/templates/t.yaml"]


def test_cache_is_filled_by_the_second_run_and_used_by_the_third(folder: Path) -> None:
    cache = MemoryCache()
    texts, parsed = [], []
    for _ in range(3):
        program, text = _cached_render(folder, cache)
        texts.append(text)
        parsed.append(program._plain is not None)
    assert texts == ['a: "1"\n'] * 3
    assert parsed == [True, True, False]


def test_cached_code_grows_by_what_later_runs_need(folder: Path) -> None:
    cache = MemoryCache()
    for _ in range(3):
        _cached_render(folder, cache)
    stores = cache.stores
    assert _cached_render(folder, cache, {"more": True})[1] == 'a: "1"\nb: u'
    assert cache.stores == stores + 1
    program, _ = _cached_render(folder, cache, {"more": True})
    assert program._plain is None


def test_cache_holds_nothing_of_what_the_user_gives(folder: Path) -> None:
    cache = MemoryCache()
    for _ in range(3):
        _cached_render(folder, cache, {"a": "TOPSECRET", "more": "{{ TOPSECRET }}"})
    assert not any(b"TOPSECRET" in data for data in cache.entries.values())


def test_changed_chart_is_another_entry(folder: Path) -> None:
    cache = MemoryCache()
    for _ in range(3):
        _cached_render(folder, cache)
    (folder / "templates" / "_h.tpl").write_text('{{ define "h" }}new{{ end }}')
    assert _cached_render(folder, cache)[1] == "a: new\n"


@pytest.mark.parametrize(
    "damage", [lambda data: data[:-1], lambda data: b"", lambda data: data[:40] + b"\0" + data[41:]]
)
def test_damaged_entries_are_made_anew(folder: Path, damage: Any) -> None:
    cache = MemoryCache()
    for _ in range(3):
        _cached_render(folder, cache)
    whole = dict(cache.entries)
    cache.entries = {name: damage(data) for name, data in whole.items()}
    for _ in range(3):
        assert _cached_render(folder, cache)[1] == 'a: "1"\n'
    assert {name: unseal(data) is not None for name, data in cache.entries.items()} == dict.fromkeys(whole, True)


def test_entry_of_another_shape_is_not_used(folder: Path) -> None:
    cache = MemoryCache()
    for _ in range(3):
        _cached_render(folder, cache)
    cache.entries = {name: seal(["something else"]) for name in cache.entries}
    assert _cached_render(folder, cache)[1] == 'a: "1"\n'


def test_chart_loaded_without_the_cache_does_not_use_it(folder: Path) -> None:
    cache = MemoryCache()
    program = compile_chart(load_chart(folder), cache=cache)
    program.render(ValuesInput(), Release("rel"))
    assert not cache.entries
