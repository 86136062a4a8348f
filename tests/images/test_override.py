from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from chartkit.chart.loader import load_chart
from chartkit.engine.compiled import CompiledChart, compile_chart
from chartkit.engine.release import Release
from chartkit.errors import ChartkitError, ExecError, InputError
from chartkit.goyaml.load import load_map
from chartkit.images.find import find_images
from chartkit.images.goals import find_goals
from chartkit.images.locked import Lock, LockedImage
from chartkit.images.override import Override, propose_override
from chartkit.images.proof import compare
from chartkit.images.target import Destination, Layout, read_destination
from chartkit.reference import ImageReference
from chartkit.values.inputs import read_values

STYLES = Path(__file__).parents[2] / "fixtures/relocate"
TO = "mirror.local:5000/team"
RELEASE = Release("release-name")
DIGEST = f"sha256:{'ab' * 32}"


def _style(name: str, to: str | Destination = TO, *, pins: Lock | None = None, **flags: Any) -> Override:
    chart = load_chart(STYLES / name / "chart")
    return propose_override(compile_chart(chart), read_values(chart, **flags), RELEASE, to=to, pins=pins)


def _styles() -> list[str]:
    return sorted(path.parent.name for path in STYLES.glob("*/override.yaml"))


def test_there_are_styles() -> None:
    assert len(_styles()) >= 15


@pytest.mark.parametrize("name", _styles())
def test_the_override_of_a_style_is_the_recorded_one(name: str) -> None:
    override = _style(name)
    assert override.text == (STYLES / name / "override.yaml").read_text()
    assert load_map(override.text) == override.values


@pytest.mark.parametrize("name", _styles())
def test_the_render_with_the_override_is_what_helm_printed(name: str) -> None:
    chart = load_chart(STYLES / name / "chart")
    values = read_values(chart, files=[STYLES / name / "override.yaml"])
    rendering = compile_chart(chart).render(values, RELEASE)
    assert rendering.text == (STYLES / name / "rendered.yaml").read_text()


@pytest.mark.parametrize("name", _styles())
@pytest.mark.parametrize("layout", list(Layout))
def test_the_proof_tells_every_line_that_changes(name: str, layout: Layout) -> None:
    override = _style(name, read_destination(TO, layout))
    chart = load_chart(STYLES / name / "chart")
    program = compile_chart(chart)
    before = program.render(read_values(chart), RELEASE).files
    after = program.render(read_values(chart, set_json=[_json(override.values)]), RELEASE).files
    told = {(line.file, line.before, line.after) for line in override.proof}
    for file in {*before, *after}:
        old, new = before[file].split("\n"), after[file].split("\n")
        if file.endswith("NOTES.txt"):
            continue
        assert len(old) == len(new)
        changed = {(file, *pair) for pair in zip(old, new, strict=True) if pair[0] != pair[1]}
        assert changed == {each for each in told if each[0] == file}


def _json(values: dict[str, Any]) -> str:
    import json

    return json.dumps(values)


@pytest.mark.parametrize("sign", ["x", " ", "#", "/x:1"])
@pytest.mark.parametrize("name", _styles())
def test_the_proof_tells_of_any_other_change(name: str, sign: str) -> None:
    chart = load_chart(STYLES / name / "chart")
    program = compile_chart(chart)
    trace = program.trace(read_values(chart), RELEASE)
    goals = find_goals(find_images(trace), read_destination(TO))
    values = read_values(chart, files=[STYLES / name / "override.yaml"])
    after = program.render(values, RELEASE).files
    assert not compare(trace.files, after, goals).others
    for file, text in after.items():
        lines = text.split("\n")
        for index, line in enumerate(lines):
            changed = "\n".join([*lines[:index], f"{line}{sign}", *lines[index + 1 :]])
            outcome = compare(trace.files, {**after, file: changed}, goals)
            if file.endswith("NOTES.txt"):
                assert len(outcome.lines) > 0
            else:
                assert outcome.others or "astray" in outcome.states.values()


@pytest.mark.parametrize("name", _styles())
def test_what_has_moved_needs_no_override(name: str) -> None:
    again = _style(name, files=[STYLES / name / "override.yaml"])
    assert again.values == {}
    assert again.moved == ()
    assert again.proof == ()


@pytest.mark.parametrize(
    ("name", "left"),
    [
        (
            "hard-coded",
            [
                ("docker.io/example/wait:2.5.0", "hard-coded/templates/_names.tpl:1:28", "hard-coded in the template"),
                ("busybox:1.36", "hard-coded/templates/tests/test.yaml:10:14", "hard-coded in the template"),
            ],
        ),
        (
            "feeds-more",
            [
                (
                    "quay.io/example/other:2",
                    "feeds-more/templates/pod.yaml:10:17",
                    "registry also changes feeds-more/templates/pod.yaml:13: value: quay.io",
                )
            ],
        ),
        ("joined", []),
    ],
)
def test_what_stays_is_named_with_the_line_of_the_template(name: str, left: list[tuple[str, str, str]]) -> None:
    override = _style(name)
    assert [(image.source, str(image.position), image.reason) for image in override.left] == left
    assert override.is_complete == (not left)


@pytest.mark.parametrize(
    ("name", "precedence"),
    [
        ("global-wins", ["global.imageRegistry wins over the component's registry key (2 images)"]),
        (
            "component-wins",
            ["global.image.registry counts only where the component's registry key is empty (2 images)"],
        ),
        ("only-global", ["global.imageRegistry sets the registry, the component has no key for it (2 images)"]),
        ("aliases", ["a key of the component sets the registry, none is for all images (2 images)"]),
        ("joined", []),
    ],
)
def test_the_precedence_is_found_by_asking_the_render(name: str, precedence: list[str]) -> None:
    assert [str(each) for each in _style(name).precedence] == precedence


def test_a_key_without_which_the_chart_refuses_is_set_along() -> None:
    override = _style("global-wins")
    assert override.switches == ("global.security.allowInsecureImages",)
    assert {line.kind for line in override.proof} == {"image", "notes"}


def test_a_switch_that_is_set_already_is_not_set_again() -> None:
    override = _style("global-wins", set=["global.security.allowInsecureImages=true"])
    assert override.values == {"global": {"imageRegistry": TO}}
    assert override.switches == ()


def test_the_values_given_come_before_the_defaults(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(f"image: registry.example.com/fork/app:2\ninit: {TO}/busybox\n")
    override = _style("joined", files=[file])
    assert override.values == {
        "image": f"{TO}/fork/app:2",
        "sidecar": {"repository": f"{TO}/example-project/sidecar"},
    }


@pytest.mark.parametrize(
    ("flags", "flag"),
    [
        ({"set": ["image=quay.io/a/b:1"]}, "--set"),
        ({"set_string": ["image=quay.io/a/b:1"]}, "--set-string"),
        ({"set_json": ['{"image": "quay.io/a/b:1"}']}, "--set-json"),
    ],
)
def test_a_key_that_a_flag_gives_stays_as_flags_win_over_files(flags: dict[str, list[str]], flag: str) -> None:
    override = _style("joined", **flags)
    assert "image" not in override.values
    assert [(image.source, image.reason) for image in override.left] == [
        ("quay.io/a/b:1", f"image is given by {flag}, which wins over every file")
    ]


def test_leaf_changes_registry_and_repository() -> None:
    override = _style("global-wins", read_destination(TO, Layout.LEAF))
    assert override.is_complete
    assert {image.target for image in override.moved} == {f"{TO}/web:1.27", f"{TO}/metrics:0.15"}
    assert override.values["web"] == {"image": {"repository": "web"}}


def test_source_gives_each_registry_its_own_path() -> None:
    override = _style("global-wins", read_destination(TO, Layout.SOURCE))
    assert override.is_complete
    assert {image.target for image in override.moved} == {
        f"{TO}/docker.io/example/web:1.27",
        f"{TO}/quay.io/example/metrics:0.15",
    }


def test_docker_hub_may_be_left_out_of_a_target() -> None:
    override = _style("joined", "docker.io/mirrored")
    assert override.is_complete
    assert override.values["image"] == "docker.io/mirrored/example/app:1.0"


def test_two_images_of_one_target_are_refused(compiled: Callable[..., CompiledChart]) -> None:
    program = compiled({"templates/a.yaml": _pod("quay.io/a/app:1", "ghcr.io/b/app:1")})
    with pytest.raises(InputError, match="quay.io/a/app and ghcr.io/b/app would both become m.local/app"):
        _propose(program, read_destination("m.local", Layout.LEAF))


def _pod(*images: str) -> str:
    containers = "".join(f"    - name: c{index}\n      image: {image}\n" for index, image in enumerate(images))
    return f"apiVersion: v1\nkind: Pod\nmetadata:\n  name: p\nspec:\n  containers:\n{containers}"


def _propose(program: CompiledChart, to: str | Destination = TO, **flags: Any) -> Override:
    return propose_override(program, read_values(program.chart, **flags), RELEASE, to=to)


def test_a_chart_that_fails_is_refused(compiled: Callable[..., CompiledChart]) -> None:
    program = compiled({"templates/a.yaml": '{{ fail "no" }}'})
    with pytest.raises(ExecError):
        _propose(program)


def test_a_chart_without_images_needs_nothing(compiled: Callable[..., CompiledChart]) -> None:
    override = _propose(compiled({"templates/a.yaml": "kind: ConfigMap\napiVersion: v1\n"}))
    assert (override.values, override.text, override.moved, override.left) == ({}, "{}\n", (), ())


def test_what_is_no_image_reference_is_told(compiled: Callable[..., CompiledChart]) -> None:
    override = _propose(compiled({"templates/a.yaml": _pod("'{{ .Values.image }}:'"), "values.yaml": "image: a/b\n"}))
    assert override.values == {}
    left = override.left[0]
    assert (left.source, left.target, left.reason) == (
        "a/b:",
        "",
        "no image reference: invalid reference format",
    )
    assert str(left.position) == "demo/templates/a.yaml:8:18"


def test_random_and_timed_content_does_not_disturb_the_proof(compiled: Callable[..., CompiledChart]) -> None:
    secret = (
        "---\napiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {a: {{ randAlphaNum 9 }}, b: {{ now }}}\n"
    )
    program = compiled({"templates/a.yaml": _pod("{{ .Values.image }}") + secret, "values.yaml": "image: a/b:1\n"})
    override = _propose(program)
    assert override.values == {"image": f"{TO}/a/b:1"}
    assert [line.kind for line in override.proof] == ["image"]


def test_a_schema_that_refuses_a_key_lets_another_be_found(compiled: Callable[..., CompiledChart]) -> None:
    program = compiled(
        {
            "templates/a.yaml": _pod("{{ with .Values.registry }}{{ . }}/{{ end }}{{ .Values.name }}"),
            "values.yaml": "name: a/b\n",
            "values.schema.json": '{"properties": {"name": {}}, "additionalProperties": false}',
        }
    )
    assert _propose(program).values == {"name": f"{TO}/a/b"}


def test_a_key_that_the_template_changes_on_the_way_is_found(compiled: Callable[..., CompiledChart]) -> None:
    program = compiled(
        {
            "templates/a.yaml": _pod(
                '{{ trimSuffix "/" .Values.host }}/a:{{ .Values.tag }}', "{{ .Values.own | lower }}"
            ),
            "values.yaml": "host: quay.io/\ntag: 1\nown: Quay.io/x/y:1\n",
        }
    )
    override = _propose(program)
    assert override.is_complete
    assert override.values["own"] == f"{TO}/x/y:1"


def test_a_registry_with_its_slash_in_the_value_keeps_it(compiled: Callable[..., CompiledChart]) -> None:
    program = compiled({"templates/a.yaml": _pod("{{ .Values.registry }}a/b:1"), "values.yaml": "registry: quay.io/\n"})
    assert _propose(program).values == {"registry": f"{TO}/"}


def test_images_in_one_long_text_change_together(compiled: Callable[..., CompiledChart]) -> None:
    config = (
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata:\n  pods.yaml: |\n{{ indent 4 .Values.pods }}\n"
    )
    pods = "pods: |\n  # pods of ours\n  a:\n    image: quay.io/x/a:1\n  b:\n    image: quay.io/x/b:2\n"
    override = _propose(compiled({"templates/a.yaml": config, "values.yaml": pods}))
    assert override.is_complete
    assert override.values["pods"] == f"# pods of ours\na:\n  image: {TO}/x/a:1\nb:\n  image: {TO}/x/b:2\n"


def test_a_name_that_is_also_something_else_is_not_changed(compiled: Callable[..., CompiledChart]) -> None:
    program = compiled(
        {
            "templates/a.yaml": _pod("{{ .Values.app }}").replace("name: p", "name: {{ .Values.app }}"),
            "values.yaml": "app: redis\n",
        }
    )
    override = _propose(program)
    assert override.values == {}
    assert override.left[0].reason == "app also changes demo/templates/a.yaml:4: name: redis"


def test_a_bare_name_elsewhere_in_a_line_is_no_mention(compiled: Callable[..., CompiledChart]) -> None:
    program = compiled(
        {"templates/a.yaml": _pod("{{ .Values.image }} # {{ .Values.image }}"), "values.yaml": "image: redis\n"}
    )
    assert _propose(program).values == {}


def test_an_image_in_many_pods_is_one_image_with_many_places() -> None:
    override = _style("many-places")
    assert [(image.source, len(image.uses), image.keys) for image in override.moved] == [
        ("docker.io/example/runner:7", 5, ("registry",))
    ]
    assert [line.before.strip() for line in override.proof if line.kind == "mention"] == [
        "# docker.io/example/runner:7 is pulled on first use"
    ]


def test_a_digest_of_a_text_with_images_is_told() -> None:
    assert [line.kind for line in _style("encoded").proof] == ["checksum", "image", "image"]


# -- digests ---------------------------------------------------------------------------------------------------------


def _lock(*names: str) -> Lock:
    return Lock(images=tuple(LockedImage(ImageReference.parse(name), DIGEST) for name in names))


def test_pins_go_into_the_digest_key() -> None:
    override = _style("digests", pins=_lock("quay.io/example/plain:4", "quay.io/example/app:1.2"))
    assert override.values["plain"] == {"digest": DIGEST, "repository": f"{TO}/example/plain"}
    targets = {image.source.rpartition("/")[2][:5]: (image.target, image.pinned) for image in override.moved}
    assert targets["plain"] == (f"{TO}/example/plain:4@{DIGEST}", True)
    assert not targets["app:1"][1]
    assert override.unpinned == ()


def test_pins_may_be_locked_under_the_new_name() -> None:
    override = _style("joined", pins=_lock(f"{TO}/example/app:1.0"))
    assert override.values["image"] == f"{TO}/example/app:1.0@{DIGEST}"
    assert {image.source for image in override.unpinned} == {"busybox", "gcr.io/example-project/sidecar:2"}


def test_a_tag_that_feeds_a_label_is_not_pinned() -> None:
    override = _style("app-version", pins=_lock("example/app:2.5.0"))
    assert override.values == {"image": {"repository": f"{TO}/example/app"}}
    assert [image.target for image in override.unpinned] == [f"{TO}/example/app:2.5.0"]


def test_every_failure_is_of_the_input() -> None:
    with pytest.raises(ChartkitError):
        _style("joined", "not-a-host")
