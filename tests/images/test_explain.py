from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from chartkit import compile_chart, explain, find_images, load_chart, read_values
from chartkit.engine.compiled import CompiledChart
from chartkit.engine.release import Release
from chartkit.engine.trace import Trace
from chartkit.images.explain import Explained
from chartkit.images.reach import reach

ROOT = Path(__file__).parents[2]
FIXTURES = ROOT / "fixtures/orkes"

_POD = "kind: Pod\napiVersion: v1\nmetadata: {name: p}\nspec: {containers: [{name: c, image: %s}]}\n"
_CHILD = "apiVersion: v2\nname: web\nversion: 1.0.0\nappVersion: 7.7.7\n"
_ALIASED = """\
dependencies:
- {name: web, alias: front, version: 1.0.0}
- {name: web, alias: back, version: 1.0.0}
"""


@pytest.fixture(scope="module")
def orkes() -> CompiledChart:
    return compile_chart(load_chart(ROOT / "charts/orkes-conductor"))


def _orkes_part(program: CompiledChart, component: str, part: str, *files: str, **flags: list[str]) -> Explained:
    values = read_values(files=[FIXTURES / f"{name}.yaml" for name in files], **flags)
    uses = find_images(program.trace(values, Release("c")))
    return explain(next(use for use in uses if use.container == component), part)


def _keys(explained: Explained) -> list[tuple[str, str, str]]:
    return [(key.path, Path(key.layer).name, _place(key.position)) for key in explained.keys]


def _place(position: object) -> str:
    return Path(str(position)).name


def _steps(explained: Explained) -> list[tuple[str, str]]:
    return [(step.path, step.held) for step in explained.consulted if not step.beside]


@pytest.mark.parametrize(
    ("part", "text", "keys", "steps"),
    [
        (
            "registry",
            "myregistry.example.com",
            [("global.image.registry", "p1-global-registry.yaml", "p1-global-registry.yaml:4:15")],
            [("server.image.registry", "empty"), ("global.image.registry", "value")],
        ),
        (
            "repository",
            "myorg/orkes-conductor-server",
            [("server.image.repository", "p1-global-registry.yaml", "p1-global-registry.yaml:12:17")],
            [("server.image.repository", "value")],
        ),
        (
            "tag",
            "5.2.42",
            [("global.image.tag", "p1-global-registry.yaml", "p1-global-registry.yaml:5:10")],
            [("server.image.tag", "empty"), ("global.image.tag", "value")],
        ),
    ],
    ids=["registry", "repository", "tag"],
)
def test_explain_names_key_file_and_chain_of_each_part(
    orkes: CompiledChart, part: str, text: str, keys: list[tuple[str, str, str]], steps: list[tuple[str, str]]
) -> None:
    found = _orkes_part(orkes, "server", part, "p1-global-registry")
    assert (found.text, _keys(found), _steps(found)) == (text, keys, steps)


def test_explain_of_a_part_that_is_not_there_tells_what_could_give_it(orkes: CompiledChart) -> None:
    found = _orkes_part(orkes, "workers", "registry", "defaults")
    assert (found.text, found.keys) == ("", ())
    assert _steps(found) == [("workers.image.registry", "empty"), ("global.image.registry", "empty")]


@pytest.mark.parametrize(
    ("files", "flags", "path", "layer", "place"),
    [
        (("defaults",), {}, "Chart.appVersion", "Chart.yaml", "Chart.yaml:6:13"),
        (("p1-global-registry",), {"set": ["global.image.tag=x"]}, "global.image.tag", "--set", "--set:1:18"),
        ((), {"set_string": ["server.image.tag=1.1"]}, "server.image.tag", "--set-string", "--set-string:1:18"),
        (("e17-null-tag",), {}, "global.image.tag", "e17-null-tag.yaml", "e17-null-tag.yaml:4:10"),
        (("tag-whole-number",), {}, "global.image.tag", "tag-whole-number.yaml", "tag-whole-number.yaml:4:10"),
    ],
    ids=["appVersion", "--set over a file", "--set-string", "null in a file", "number"],
)
def test_explain_names_the_layer_that_counts(
    orkes: CompiledChart, files: tuple[str, ...], flags: dict[str, list[str]], path: str, layer: str, place: str
) -> None:
    assert _keys(_orkes_part(orkes, "server", "tag", *files, **flags)) == [(path, layer, place)]


def test_explain_names_the_default_of_the_chart_and_the_way_into_the_template(orkes: CompiledChart) -> None:
    found = _orkes_part(orkes, "server", "repository", "defaults")
    assert [(key.path, key.layer, key.copied) for key in found.keys] == [("image.repository", "chart default", True)]
    assert [position.source.name.rpartition("/")[2] for position in found.template] == [
        "server-deployment.yaml", "_pod.tpl", "_pod.tpl", "_pod.tpl", "_images.tpl", "_images.tpl",
    ]  # fmt: skip
    innermost = found.template[-1]
    assert "$own.repository | default $legacy.repository" in innermost.source.line_text(innermost.line)


@pytest.fixture
def trace(compiled: Callable[..., CompiledChart]) -> Callable[..., Trace]:
    """Traces a chart of some files with values of some flags."""

    def run(files: dict[str, str], metadata: str = "", **flags: list[str]) -> Trace:
        return compiled(files, metadata).trace(read_values(**flags), Release("rel"))

    return run


def _one(trace: Trace, part: str, *, container: str = "c", file: str = "") -> Explained:
    uses = [use for use in find_images(trace) if use.container == container and file in use.manifest.file]
    assert len(uses) == 1
    return explain(uses[0], part)


_TREE = {
    "values.yaml": "global: {}\nfront: {image: {tag: '2'}}\n",
    "charts/web/Chart.yaml": _CHILD,
    "charts/web/values.yaml": "global: {registry: ''}\nimage: {name: team/web, tag: '1'}\n",
    "charts/web/templates/pod.yaml": _POD
    % '"{{ with .Values.global.registry }}{{ . }}/{{ end }}{{ .Values.image.name }}:{{ .Values.image.tag }}"',
}


@pytest.mark.parametrize(
    ("alias", "part", "path", "layer", "place"),
    [
        ("front", "tag", "front.image.tag", "parent chart", "values.yaml:2:22"),
        ("back", "tag", "back.image.tag", "chart default", "values.yaml:2:30"),
        ("back", "repository", "back.image.name", "--set", "--set:1:17"),
        ("front", "registry", "global.registry", "--set", "--set:1:17"),
    ],
)
def test_explain_in_a_subchart_gives_paths_from_the_root(
    trace: Callable[..., Trace], alias: str, part: str, path: str, layer: str, place: str
) -> None:
    flags = ["global.registry=r.example.com", "back.image.name=own/back"]
    found = _one(trace(_TREE, _ALIASED, set=flags), part, file=f"charts/{alias}/")
    assert [(key.path, key.layer) for key in found.keys] == [(path, layer)]
    assert _place(found.keys[0].position) == place


@pytest.mark.parametrize(
    ("template", "values", "tag", "paths", "steps"),
    [
        ('"a/b:{{ tpl .Values.t . }}"', 't: "{{ .Values.v }}"\nv: "3"\n', "3", ["v"], [("t", "value"), ("v", "value")]),
        (
            "{{ (toYaml .Values.i | fromYaml).image | quote }}",
            "i: {image: 'a/b:4'}\n",
            "4",
            ["i.image"],
            [("i.image", "value")],
        ),
        (
            '"a/b:{{ dig "image" "tag" "0" .Values.i }}"',
            "i: {image: {}}\n",
            "0",
            [],
            [("i.image.tag", "absent")],
        ),
        (
            '"a/b:{{ .Values.own | default .Values.shared | default "9" }}"',
            "own: ''\nshared: ''\n",
            "9",
            [],
            [("own", "empty"), ("shared", "empty")],
        ),
        (
            '"a/b:{{ coalesce .Values.no .Values.own .Values.shared }}"',
            "own: ''\nshared: '8'\n",
            "8",
            ["shared"],
            [("no", "absent"), ("own", "empty"), ("shared", "value")],
        ),
    ],
    ids=["tpl", "toYaml and fromYaml", "dig", "defaults", "coalesce"],
)
def test_explain_sees_through_functions(
    trace: Callable[..., Trace],
    template: str,
    values: str,
    tag: str,
    paths: list[str],
    steps: list[tuple[str, str]],
) -> None:
    found = _one(trace({"values.yaml": values, "templates/p.yaml": _POD % template}), "tag")
    assert (found.text, [key.path for key in found.keys]) == (tag, paths)
    assert [step for step in _steps(found) if step in steps] == steps


def test_reach_tells_images_and_other_lines(trace: Callable[..., Trace]) -> None:
    labels = "labels: {version: '{{ .Values.tag }}'}"
    template = (_POD % '"a/b:{{ .Values.tag }}"').replace("metadata: {name: p}", f"metadata:\n  name: p\n  {labels}")
    found_in = trace({"values.yaml": "tag: '5'\n", "templates/p.yaml": template})
    found = reach(found_in, find_images(found_in), "tag")
    assert [(each.use.text, each.supplies, each.decides) for each in found.images] == [("a/b:5", ("tag",), ("digest",))]
    assert [(line.how, line.first, line.text) for line in found.lines] == [("supplies", 5, "labels: {version: '5'}")]


def test_reach_of_a_switch_is_the_lines_that_it_decides_on(trace: Callable[..., Trace]) -> None:
    template = "{{ if .Values.extra.enabled }}\na: 1\nb: 2\n{{ end }}\nc: 3\n"
    files = {"values.yaml": "extra: {enabled: true}\n", "templates/p.yaml": f"apiVersion: v1\nkind: X\n{template}"}
    on, off = trace(files), trace(files, set=["extra.enabled=false"])
    assert [(line.how, line.first, line.last, line.text) for line in reach(on, (), "extra").lines] == [
        ("decides", 4, 5, "a: 1")
    ]
    assert [(line.how, line.text) for line in reach(off, (), "extra.enabled").lines] == [("decides", "")]
    assert reach(on, (), "ext").lines == ()
