from __future__ import annotations

from collections.abc import Callable

import pytest

from chartkit.engine.compiled import CompiledChart
from chartkit.engine.release import Release
from chartkit.images.assignment import assigned, clashes, values_tree
from chartkit.images.explain import dotted_path
from chartkit.images.find import find_images
from chartkit.images.goals import spellings
from chartkit.images.mentioned import MentionedKeys
from chartkit.images.override_text import override_text
from chartkit.images.proposals import Edit, proposals, segments_of
from chartkit.reference import ImageReference
from chartkit.values.inputs import read_values

BASE = "m.local:5000/x"
POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  containers:\n    - name: c\n      image: %s\n"


@pytest.fixture
def propose(compiled: Callable[..., CompiledChart]) -> Callable[..., list[dict[str, str]]]:
    """What is proposed to turn the image that a template writes into another one."""

    def run(template: str, values: str, new: str) -> list[dict[str, str]]:
        program = compiled({"templates/a.yaml": POD % template, "values.yaml": values})
        trace = program.trace(read_values(program.chart), Release("r"))
        use = find_images(trace)[0]
        assert use.span is not None
        file = use.manifest.file
        mentioned = MentionedKeys(trace.chart).below
        segments = segments_of(trace.spans[file], trace.files[file], use.span, mentioned)
        found = proposals(segments, use.text, new, BASE)
        return [{dotted_path(edit.path): edit.value for edit in candidate} for candidate in found]

    return run


SPLIT = "{{ .Values.registry }}/{{ .Values.repository }}:{{ .Values.tag }}"


@pytest.mark.parametrize(
    ("template", "values", "new", "expected"),
    [
        pytest.param(
            SPLIT, "registry: quay.io\nrepository: a/b\ntag: '1'", f"{BASE}/a/b:1", {"registry": BASE}, id="registry"
        ),
        pytest.param(
            SPLIT,
            "registry: quay.io\nrepository: a/b\ntag: '1'",
            f"{BASE}/b:1",
            {"registry": BASE, "repository": "b"},
            id="registry and repository",
        ),
        pytest.param("{{ .Values.image }}", "image: a/b:1", f"{BASE}/a/b:1", {"image": f"{BASE}/a/b:1"}, id="whole"),
        pytest.param(
            "{{ .Values.name }}:{{ .Chart.AppVersion }}",
            "name: a/b",
            f"{BASE}/a/b:2.3.4",
            {"name": f"{BASE}/a/b"},
            id="tag from appVersion",
        ),
        pytest.param(
            "{{ with .Values.registry }}{{ . }}/{{ end }}a/b:1",
            "registry: ''",
            f"{BASE}/a/b:1",
            {"registry": BASE},
            id="an empty registry in front",
        ),
        pytest.param(
            '{{ .Values.registry | default "quay.io" }}/a/b:1',
            "",
            f"{BASE}/a/b:1",
            {"registry": BASE},
            id="a registry that is not there",
        ),
        pytest.param(
            "{{ with .Values.global }}{{ with .hubRegistry }}{{ . }}/{{ end }}{{ end }}a/b:1",
            "",
            f"{BASE}/a/b:1",
            {"global.hubRegistry": BASE},
            id="globals that are not there",
        ),
        pytest.param(
            "{{ tpl .Values.image . }}",
            "image: 'a/b:{{ .Chart.AppVersion }}'",
            f"{BASE}/a/b:2.3.4",
            {"image": f"{BASE}/a/b:"},
            id="a part of a text that is a template",
        ),
        pytest.param(
            "a/b:1{{ with .Values.digest }}@{{ . }}{{ end }}",
            "digest: ''",
            f"a/b:1@sha256:{'ab' * 32}",
            {"digest": f"sha256:{'ab' * 32}"},
            id="a digest",
        ),
        pytest.param(
            "{{ .Values.name }}:{{ .Values.tag }}",
            "name: a/b\ntag: '1'",
            f"a/b:1@sha256:{'ab' * 32}",
            {"tag": f"1@sha256:{'ab' * 32}"},
            id="a digest behind the tag",
        ),
    ],
)
def test_the_plainest_proposal_comes_first(
    propose, template: str, values: str, new: str, expected: dict[str, str]
) -> None:
    assert propose(template, values, new)[0] == expected


def test_a_text_without_keys_has_no_proposals(propose) -> None:
    assert propose("quay.io/a/b:1", "", f"{BASE}/a/b:1") == []
    assert propose("{{ .Chart.Name }}:1", "", f"{BASE}/demo:1") == []


def test_keys_about_pulling_are_not_proposed(propose) -> None:
    template = "{{ with .Values.imagePullSecrets }}{{ end }}{{ with .Values.registryPassword }}{{ end }}a/b:1"
    assert propose(template, "", f"{BASE}/a/b:1") == []


def test_edits_of_parts_of_one_text_go_together() -> None:
    held = "a: nginx:1 b: nginx:1.2"
    edits = [Edit(("t",), "m/nginx:1", "nginx:1", held), Edit(("t",), "m/nginx:1.2", "nginx:1.2", held)]
    assert not clashes(edits[0], edits[1:])
    assert assigned(edits) == {("t",): "a: m/nginx:1 b: m/nginx:1.2"}


def test_edits_that_want_different_things_of_a_key_clash() -> None:
    assert clashes(Edit(("a",), "x"), [Edit(("a",), "y")])
    assert clashes(Edit(("a",), "x", "p", "pq"), [Edit(("a",), "y")])
    assert not clashes(Edit(("a",), "x"), [Edit(("a",), "x"), Edit(("b",), "y")])


def test_lists_are_stated_anew_and_maps_are_not() -> None:
    known = {"a": {"b": [{"image": "x", "n": 1}, {"image": "y"}], "c": 1}}
    tree = values_tree({("a", "b", 1, "image"): "z", ("d", "e"): True}, known)
    assert tree == {"a": {"b": [{"image": "x", "n": 1}, {"image": "z"}]}, "d": {"e": True}}
    assert known["a"]["b"][1] == {"image": "y"}


def test_the_text_has_sorted_keys_and_a_comment_above_each() -> None:
    values = {"b": {"y": "1.10", "x": [{"image": "a"}]}, "a b": True}
    comments = {("b", "y"): ["moves one"], ("b", "x", 0, "image"): ["moves two"], ("a b",): ["three", "four"]}
    assert override_text(values, comments, ["head"]) == (
        '# head\n# three\n# four\na b: true\nb:\n  # moves two\n  x:\n  - image: a\n  # moves one\n  "y": "1.10"\n'
    )
    assert override_text({}, {}, ()) == "{}\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("m.local/a:1", ("m.local/a:1",)),
        ("docker.io/a/b:1", ("docker.io/a/b:1", "a/b:1")),
        ("docker.io/a:1", ("docker.io/a:1", "docker.io/library/a:1", "library/a:1", "a:1")),
    ],
)
def test_docker_hub_can_be_spelled_in_several_ways(text: str, expected: tuple[str, ...]) -> None:
    assert spellings(ImageReference.parse(text)) == expected
