from __future__ import annotations

from pathlib import Path

import pytest

from chartkit.checks.finding import Severity
from chartkit.images.target import Layout, read_destination
from chartkit.systems.devfile.locations import collect
from chartkit.systems.devfile.remote import (
    find_chart_images,
    find_clashes,
    find_images_elsewhere,
    find_moving,
    find_remote,
)
from chartkit.systems.devfile.rules import RULES

FIXTURES = Path(__file__).parents[3] / "fixtures/devfiles"
STACKS = sorted(path.parent.name for path in FIXTURES.glob("*/devfile.yaml"))

_HEAD = "schemaVersion: 2.2.2\nmetadata: {name: demo}\n"


def _remote(folder: Path, text: str) -> list[tuple[str, str, str]]:
    path = folder / "devfile.yaml"
    path.write_text(text)
    found = find_remote(collect([path]))
    return [(each.rule, each.message, each.location.removeprefix(f"{path}:")) for each in found]


@pytest.mark.parametrize("stack", STACKS)
def test_every_real_stack_needs_the_network_for_something(stack: str) -> None:
    found = list(find_remote(collect([FIXTURES / stack])))
    expected = {"CK502", "CK503", "CK507"} if stack == "java-openliberty" else {"CK503", "CK507"}
    assert {each.rule for each in found} <= expected
    assert all(each.line for each in found)
    assert "CK507" in {each.rule for each in found}


@pytest.mark.parametrize(
    ("text", "rule", "message", "place"),
    [
        ("parent: {uri: 'https://x.io/d.yaml'}", "CK501", "the parent is fetched from https://x.io/d.yaml", "3:15"),
        ("parent: {uri: gone.yaml}", "CK501", "the parent gone.yaml is not here", "3:15"),
        (
            "parent: {id: go, registryUrl: 'https://r.io'}",
            "CK501",
            "the parent go is fetched from https://r.io",
            "3:14",
        ),
        ("parent: {id: go}", "CK501", "the parent go is fetched from the registry that the tool knows", "3:14"),
        ("parent: {kubernetes: {name: x}}", "CK501", "the parent is fetched from a cluster", "3:22"),
        (
            "components: [{name: a, kubernetes: {uri: 'https://x.io/m.yaml'}}]",
            "CK502",
            "the manifest of component a is fetched from https://x.io/m.yaml",
            "3:42",
        ),
        (
            "variables: {h: 'https://x.io'}\ncomponents: [{name: a, openshift: {uri: '{{h}}/m.yaml'}}]",
            "CK502",
            "the manifest of component a is fetched from https://x.io/m.yaml",
            "4:41",
        ),
        (
            "components: [{name: a, image: {imageName: x, dockerfile: {git: {remotes: {o: 'https://x.io/r'}}}}}]",
            "CK502",
            "the Dockerfile of component a is fetched from https://x.io/r (o)",
            "3:78",
        ),
        (
            "components: [{name: a, image: {imageName: x, dockerfile: {devfileRegistry: {id: y}}}}]",
            "CK502",
            "the Dockerfile of component a is fetched from a devfile registry",
            "3:76",
        ),
        (
            "starterProjects: [{name: s, git: {remotes: {origin: 'https://x.io/r'}}}]",
            "CK503",
            "starter project s is cloned from https://x.io/r (origin)",
            "3:53",
        ),
        (
            "projects: [{name: s, zip: {location: 'https://x.io/r.zip'}}]",
            "CK503",
            "project s is downloaded from https://x.io/r.zip",
            "3:38",
        ),
        (
            "dependentProjects: [{name: s, git: {remotes: {o: 'https://x.io/r'}}}]",
            "CK503",
            "project s is cloned from https://x.io/r (o)",
            "3:50",
        ),
        (
            "parent: {uri: devfile2.yaml, starterProjects: [{name: s, git: {remotes: {o: 'https://x.io/r'}}}]}",
            "CK503",
            "starter project s is cloned from https://x.io/r (o)",
            "3:77",
        ),
    ],
)
def test_what_needs_the_network_is_found(tmp_path: Path, text: str, rule: str, message: str, place: str) -> None:
    (tmp_path / "devfile2.yaml").write_text(_HEAD)
    assert _remote(tmp_path, f"{_HEAD}{text}\n") == [(rule, message, place)]


def test_a_dockerfile_and_manifests_that_metadata_names() -> None:
    found = [each for each in find_remote(collect([FIXTURES / "java-openliberty"])) if each.rule == "CK502"]
    assert [(each.severity, each.line) for each in found] == [(Severity.WARNING, 34), (Severity.WARNING, 35)]
    assert found[0].message.startswith("alpha.build-dockerfile is fetched from https://github.com/OpenLiberty/")


def test_plugins_and_github_projects_of_version_two_zero(tmp_path: Path) -> None:
    text = (
        "schemaVersion: 2.0.0\ncomponents: [{name: p, plugin: {uri: 'https://x.io/p.yaml'}}]\n"
        "starterProjects: [{name: s, github: {remotes: {o: 'https://github.com/x/y'}}}]\n"
    )
    assert [rule for rule, _, _ in _remote(tmp_path, text)] == ["CK501", "CK503"]


@pytest.mark.parametrize("there", [True, False])
def test_files_beside_the_devfile_need_no_network(tmp_path: Path, there: bool) -> None:
    if there:
        (tmp_path / "m.yaml").write_text("kind: A\n")
        (tmp_path / "s-offline.zip").write_text("")
    text = (
        f"{_HEAD}components: [{{name: a, kubernetes: {{uri: m.yaml}}}}]\n"
        "starterProjects: [{name: s, zip: {location: s-offline.zip}}]\n"
    )
    assert [rule for rule, _, _ in _remote(tmp_path, text)] == ([] if there else ["CK502", "CK503"])


def test_versions_and_samples_in_repositories_are_found(tmp_path: Path) -> None:
    (tmp_path / "stacks/go/1.0.0").mkdir(parents=True)
    (tmp_path / "stacks/go/1.0.0/devfile.yaml").write_text(_HEAD)
    (tmp_path / "stacks/go/stack.yaml").write_text(
        "icon: https://x.io/i.png\nversions:\n- version: 1.0.0\n- {version: 2.0.0, git: {url: 'https://x.io/r'}}\n"
    )
    (tmp_path / "extraDevfileEntries.yaml").write_text(
        "samples:\n- {name: s, versions: [{version: 1.0.0, git: {remotes: {o: 'https://x.io/s'}}}]}\n- 3\n"
    )
    assert [(each.rule, each.message) for each in find_remote(collect([tmp_path]))] == [
        ("CK507", "the icon is shown from https://x.io/i.png"),
        ("CK503", "version 2.0.0 is cloned from https://x.io/r (origin)"),
        ("CK503", "sample s 1.0.0 is cloned from https://x.io/s (o)"),
    ]


def _with_images(folder: Path, *images: str) -> Path:
    path = folder / "devfile.yaml"
    lines = (f"- {{name: c{number}, container: {{image: '{image}'}}}}\n" for number, image in enumerate(images))
    path.write_text(f"{_HEAD}components:\n{''.join(lines)}")
    return path


def test_images_from_elsewhere(tmp_path: Path) -> None:
    path = _with_images(tmp_path, "quay.io/x/a:1", "inside.local/b:1", "b")
    collection = collect([path])
    assert [(each.image, each.severity) for each in find_images_elsewhere(collection, None)] == [
        ("quay.io/x/a:1", Severity.WARNING),
        ("b", Severity.WARNING),
    ]
    target = read_destination("inside.local", Layout.PATH)
    assert [(each.image, each.severity) for each in find_images_elsewhere(collection, target)] == [
        ("quay.io/x/a:1", Severity.ERROR),
        ("b", Severity.ERROR),
    ]


def test_images_that_move(tmp_path: Path) -> None:
    path = _with_images(tmp_path, "quay.io/x/a:1", "q.io/b:latest", "c", "d@sha256:" + "a" * 64)
    assert [(each.rule, each.message) for each in find_moving(collect([path]))] == [
        ("CK101", "q.io/b:latest has the tag latest"),
        ("CK101", "c has neither tag nor digest, which means latest"),
    ]


def test_images_that_share_the_last_part_of_their_name(tmp_path: Path) -> None:
    path = _with_images(tmp_path, "q.io/ubi8/openjdk-17:1", "q.io/ubi9/openjdk-17:1", "q.io/ubi9/openjdk-17:2")
    (found,) = find_clashes(collect([path]).images, read_destination("r.io/p", Layout.LEAF))
    assert found.rule == "CK505"
    assert found.line == 5
    assert "q.io/ubi8/openjdk-17:1" in found.message


def _registry(folder: Path) -> Path:
    (folder / "stacks/x").mkdir(parents=True)
    (folder / "stacks/x/devfile.yaml").write_text(_HEAD)
    return folder


@pytest.mark.parametrize(
    ("values", "keys"),
    [
        (None, ["devfileIndex.image", "registryViewer.image", "ociRegistry.image"]),
        ("global: {headless: true}\n", ["devfileIndex.image", "ociRegistry.image"]),
        ("devfileIndex: {image: r.io/p/devfile-index}\n", ["registryViewer.image", "ociRegistry.image"]),
        (
            "devfileIndex: {image: r.io/p/a}\nregistryViewer: {image: r.io/p/b}\n"
            "ociRegistry: {image: r.io/p/c, tag: x}\n",
            [],
        ),
    ],
)
def test_the_images_of_the_chart(tmp_path: Path, values: str | None, keys: list[str]) -> None:
    path = tmp_path / "values.yaml"
    if values is not None:
        path.write_text(values)
    collection = collect([_registry(tmp_path)])
    target = read_destination("r.io/p", Layout.LEAF)
    for destination in (None, target):
        found = list(find_chart_images(collection, path if values else None, destination))
        assert [each.key for each in found] == keys


def test_a_stack_alone_has_no_chart() -> None:
    assert not list(find_chart_images(collect([FIXTURES / "udi"]), None, None))


def test_the_rules_have_ids_of_their_own() -> None:
    assert [rule.id for rule in RULES] == [f"CK50{number}" for number in range(1, 8)]
    assert all(rule.page and rule.fix and rule.title for rule in RULES)
