"""Renders with texts that are used again, against renders in which every template runs."""

import random
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC
from pathlib import Path

import pytest

from chartkit import load_chart
from chartkit.ambient import Ambient
from chartkit.engine.capabilities import Capabilities
from chartkit.engine.compiled import CompiledChart
from chartkit.engine.release import Release
from chartkit.engine.reuse import Trial
from chartkit.errors import ChartkitError
from chartkit.limits import Limits
from chartkit.profile import PROFILES
from chartkit.values.inputs import ValuesInput

sys.path.insert(0, str(Path(__file__).parent))

from tiers import chart_of  # noqa: E402

CHARTS = Path(__file__).parents[2] / "charts"
RELEASE = Release("rel")


class Pair:
    """One chart twice: with reuse from the second render on, and without any."""

    def __init__(self, chart):
        self.reusing = CompiledChart(chart, chart.profile, reuse_after=0)
        self.running = CompiledChart(chart, chart.profile, reuse_after=None)

    def outcomes(self, values, release=RELEASE, **more):
        return [outcome(program, values, release, **more) for program in (self.reusing, self.running)]

    @property
    def hits(self):
        return self.reusing._fast.reuse.hits


def outcome(program, values, release=RELEASE, capabilities=None, lenient=False, limits=None):
    ticks = iter(range(10**18, 10**18 + 10**15, 10**9))
    ambient = Ambient(program.profile, lambda: next(ticks), zone=UTC, random=random.Random(7), lenient=lenient)
    if limits:
        ambient.limits = limits
    try:
        rendering = program.render(ValuesInput((), values), release, capabilities, ambient=ambient)
    except ChartkitError as error:
        return type(error), str(error)
    return dict(rendering.files), rendering.warnings, ambient.uses, ambient.refusals, ambient.random.random()


def pair_of(values="a: 1\nm: {x: 1}\nl: [1]\n", **templates):
    files = {f"templates/{name}.yaml": text for name, text in templates.items()}
    return Pair(chart_of({"values.yaml": values, **files}))


def same_through(pair, sequence):
    for values in sequence:
        reused, run = pair.outcomes(values)
        assert reused == run


def test_render_runs_a_template_only_when_what_it_reads_has_changed():
    pair = pair_of(one="{{ .Values.a }}", two="{{ .Values.m.x }}")
    same_through(pair, [{}, {}, {"a": 2.0}, {"a": 3.0}, {"m": {"x": 2.0}}])
    before = pair.hits
    same_through(pair, [{"a": 4.0}, {"a": 3.0}])
    assert pair.hits == before + 3


@pytest.mark.parametrize(
    "sequence",
    [
        pytest.param([1.0, True, "1", 1.0, None, "", False, 0.0], id="types"),
        pytest.param([{}, [], {"x": None}, {"x": {}}, [None], [[]]], id="collections"),
        pytest.param(["é", "\udce9", "e"], id="characters"),
    ],
)
def test_render_tells_values_apart_by_their_types(sequence):
    pair = pair_of(one="{{ .Values.a | toJson }} {{ kindOf .Values.a }}", two="{{ if .Values.a }}x{{ end }}")
    same_through(pair, [{"a": value} for value in [0.5, 0.5, *sequence, *sequence]])


def test_render_notices_that_a_key_comes_and_goes():
    pair = pair_of(one='{{ hasKey .Values.m "k" }}{{ .Values.m.k }}', two="{{ toYaml .Values.m }}")
    same_through(pair, [{}, {}, {"m": {"k": 1.0}}, {}, {"m": {"k": None}}, {"m": {"x": None}}, {"m": None}, {}])


def test_render_fails_as_before_when_a_chain_leads_through_nothing():
    pair = pair_of(one="{{ $unused := .Values.m.x }}text")
    same_through(pair, [{}, {}, {}, {"m": None}, {}, {"m": "text"}, {"m": {"x": {}}}])


@pytest.mark.parametrize(
    "changing",
    [
        '{{ if .Values.on }}{{ $_ := set .Values "a" .Values.on }}{{ end }}',
        '{{ if .Values.on }}{{ $_ := set .Values.m "x" .Values.on }}{{ end }}',
        '{{ if .Values.on }}{{ $_ := merge .Values.m (dict "y" 1) }}{{ end }}',
        '{{ if .Values.on }}{{ $_ := set . "added" .Values.on }}{{ end }}',
        '{{ if .Values.on }}{{ $_ := set .Release "Name" "other" }}{{ end }}',
        '{{ if .Values.on }}{{ $_ := set .Chart "Name" "other" }}{{ end }}',
        '{{ tpl (default "x" .Values.text) . }}',
    ],
)
def test_render_sees_what_an_earlier_template_changed(changing):
    reading = "{{ .Values.a }} {{ toYaml .Values.m }} {{ .added }} {{ .Release.Name }} {{ .Chart.Name }}"
    # Helm runs the last name first.
    pair = pair_of(a=reading, z=changing, zz=reading)
    change = {"on": 5.0, "text": '{{ $_ := set .Values "a" 9 }}'}
    same_through(pair, [{}, {}, {}, change, {}, {"on": 6.0, **change}, change, {}, {"a": 2.0}, change])
    assert pair.hits


@pytest.mark.parametrize(
    "text", ["{{ now }}", "{{ randAlphaNum 5 }}", "{{ uuidv4 }}", '{{ date "15:04:05" now }}', "{{ randInt 0 1000 }}"]
)
def test_render_never_reuses_what_was_drawn_or_tells_the_time(text):
    pair = pair_of(one=text, two="{{ .Values.a }}", three=text)
    same_through(pair, [{}, {}, {"a": 2.0}, {}])


def test_render_runs_templates_in_texts_each_time():
    pair = pair_of(
        one="{{ tpl .Values.t . }}", two='{{ tpl "{{ .Values.a }}" . }}', values='t: "{{ .Values.a }}"\na: 1\n'
    )
    same_through(pair, [{}, {}, {"a": 2.0}, {"t": "plain"}, {"t": "plain", "a": 3.0}, {}])


def test_render_runs_texts_that_include_templates_which_change_values():
    helper = '{{ define "h" }}{{ $_ := set .Values "a" "changed" }}{{ end }}'
    pair = pair_of(
        _h=helper, one="{{ .Values.a }}", two="{{ tpl .Values.t . }}", three="{{ .Values.a }}", values="t: x\na: 1\n"
    )
    call = {"t": '{{ include "h" . }}'}
    same_through(pair, [{}, {}, {}, call, {}, call, call, {}])


def test_render_keeps_releases_and_clusters_apart():
    pair = pair_of(one="{{ .Release.Name }} {{ .Release.Namespace }} {{ .Capabilities.KubeVersion }}")
    for _ in range(2):
        for release in (RELEASE, Release("other"), Release("rel", namespace="n")):
            for version in ("1.30", "1.31"):
                reused, run = pair.outcomes({}, release, capabilities=Capabilities(version))
                assert reused == run


def test_render_reuses_nothing_in_a_lenient_render():
    pair = pair_of(one='{{ required "missing" .Values.none }}', two='{{ if .Values.a }}{{ fail "no" }}{{ end }}')
    for lenient in (False, True, True, False, True):
        reused, run = pair.outcomes({}, lenient=lenient)
        assert reused == run


def test_render_counts_what_is_reused_against_the_limits():
    pair = pair_of(one="{{ range until 2000 }}{{ $.Values.a }}{{ end }}", two="{{ .Values.m.x }}")
    for loop_steps in (10**6, 10**6, 10**6, 500, 10**6):
        reused, run = pair.outcomes({}, limits=Limits(loop_steps=loop_steps))
        assert reused == run


def test_render_keeps_subcharts_apart_and_sees_shared_globals():
    files = {
        "values.yaml": "global: {g: 1}\nkid: {k: 1}\n",
        "templates/top.yaml": "{{ .Values.global.g }} {{ .Values.kid.k }}",
        "charts/kid/Chart.yaml": "apiVersion: v2\nname: kid\nversion: 1.0.0\n",
        "charts/kid/values.yaml": "k: 0\n",
        "charts/kid/templates/low.yaml": "{{ .Values.global.g }} {{ .Values.k }} {{ .Chart.Name }}",
    }
    pair = Pair(chart_of(files))
    same_through(pair, [{}, {}, {"global": {"g": 2.0}}, {"kid": {"k": 3.0}}, {"kid": {"global": {"g": 4.0}}}, {}])
    assert pair.hits


def test_render_in_threads_sees_the_values_of_each():
    pair = pair_of(one="{{ .Values.a }}" * 50, two="{{ .Values.m.x }}", three="{{ range until 200 }}{{ . }}{{ end }}")
    given = [{"a": float(number % 5), "m": {"x": float(number % 3)}} for number in range(300)]
    with ThreadPoolExecutor(4) as pool:
        reused = list(pool.map(lambda values: outcome(pair.reusing, values), given))
    assert reused == [outcome(pair.running, values) for values in given]
    assert pair.hits


def _leaves(tree, path=()):
    yield path, tree
    for key, value in tree.items() if isinstance(tree, dict) else ():
        yield from _leaves(value, (*path, key))


def _at(path, value):
    for key in reversed(path):
        value = {key: value}
    return value


ODD = [None, True, "", "x", 0.0, 2.0, {}, {"a": "b"}, [], ["x"], "{{ .Release.Name }}", '{{ $_ := set .Values "q" 1 }}']


@pytest.mark.parametrize("name", sorted(path.name for path in CHARTS.iterdir() if (path / "Chart.yaml").exists()))
@pytest.mark.parametrize("helm", ["4.3", "3.17"])
def test_render_is_the_same_through_random_changes_of_our_charts(name, helm):
    chart = load_chart(CHARTS / name, profile=PROFILES[helm])
    pair, drawn = Pair(chart), random.Random(name)
    leaves = [leaf for leaf in _leaves(dict(chart.values)) if leaf[0]]
    for _ in range(40):
        path, value = drawn.choice(leaves)
        values = _at(path, drawn.choice([*ODD, value, value, value]))
        reused, run = pair.outcomes(values if drawn.random() < 0.8 else {})
        assert reused == run


def test_trial_ends_reuse_that_does_not_pay():
    trial = Trial()
    while trial.renders < 42:
        trial.add(2.0 if trial.reuses else 1.0)
    assert trial.is_lost


def test_trial_goes_on_with_reuse_that_pays():
    trial = Trial()
    while trial.renders < 42:
        trial.add(1.0 if trial.reuses else 2.0)
    assert not trial.is_lost
    assert trial.reuses
