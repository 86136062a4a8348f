from __future__ import annotations

from pathlib import Path

import pytest

from chartkit.errors import InputError
from chartkit.systems.devfile.document import read_devfile
from chartkit.systems.devfile.keys import keys_of

FIXTURES = Path(__file__).parents[3] / "fixtures/devfiles"
STACKS = sorted(path.parent.name for path in FIXTURES.glob("*/devfile.yaml"))

_HEAD = "schemaVersion: 2.2.2\nmetadata: {name: x}\n"
_CONTAINER = f"{_HEAD}components:\n- name: a\n  container: "


@pytest.mark.parametrize("stack", STACKS)
def test_every_real_stack_is_read(stack: str) -> None:
    devfile = read_devfile(FIXTURES / stack / "devfile.yaml")
    assert devfile.name
    assert list(devfile.components())


def test_there_are_thirteen_stacks() -> None:
    assert len(STACKS) == 13


@pytest.mark.parametrize(
    ("text", "message", "place"),
    [
        ("a: [\n", "is no YAML", "1:5"),
        ("- a\n", "holds no keys", "1:1"),
        ("", "holds no keys", "1:1"),
        ("metadata: {}\n", "has no schemaVersion", "1:1"),
        ("apiVersion: 1.0.0\n", "has no schemaVersion", "1:1"),
        ("schemaVersion: 2.2\n", "and is a number", "1:16"),
        ("schemaVersion: 1.0.0\n", "and is 1.0.0", "1:16"),
        ("schemaVersion: v2.0.0\n", "and is v2.0.0", "1:16"),
        (f"{_HEAD}compnents: []\n", "there is no key compnents in a devfile", "3:1"),
        (f"{_HEAD}components: {{}}\n", "components must be a list", "3:13"),
        (f"{_HEAD}components: [3]\n", "components[0] must be a map", "3:14"),
        (f"{_HEAD}parent: x\n", "parent must be a map", "3:9"),
        (f"{_CONTAINER}{{}}\n", "container of component a has no image", "5:3"),
        (f"{_CONTAINER}{{image: 3}}\n", "components[0].container.image must be a text", "5:22"),
        (f"{_CONTAINER}{{image: x, imge: y}}\n", "there is no key imge in components[0].container", "5:25"),
        (f"{_CONTAINER}{{image: x}}\n  volume: {{}}\n", "is container and volume", "4:3"),
        (f"{_HEAD}components:\n- name: a\n", "and is none", "4:3"),
        (f"{_HEAD}components:\n- container: {{image: x}}\n", "components[0] has no name", "4:3"),
        (f"{_HEAD}components:\n- name: a\n  image: {{}}\n", "image of component a has no imageName", "5:3"),
        (f"{_HEAD}components:\n- name: a\n  kubernetes: {{}}\n", "has none of uri, inlined", "5:3"),
        (f"{_HEAD}components:\n- name: a\n  kubernetes: {{uri: a, inlined: b}}\n", "has uri and inlined", "5:3"),
        (f"{_HEAD}components:\n- name: a\n  kubernetes: {{uri: [a]}}\n", "kubernetes.uri must be a text", "5:21"),
        (
            f"{_HEAD}components:\n- name: a\n  image: {{imageName: x, dockerfile: {{uri: a, git: {{}}}}}}\n",
            "has uri and git",
            "5:25",
        ),
        ("schemaVersion: 2.1.0\ncomponents:\n- name: a\n  image: {imageName: x}\n", "in schema 2.1", "4:3"),
        ("schemaVersion: 2.2.0\ncomponents:\n- name: a\n  plugin: {id: x}\n", "in schema 2.2", "4:3"),
        ("schemaVersion: 2.0.0\nvariables: {a: b}\n", "in schema 2.0", "2:1"),
    ],
)
def test_a_broken_devfile_is_refused_with_its_place(tmp_path: Path, text: str, message: str, place: str) -> None:
    path = tmp_path / "devfile.yaml"
    path.write_text(text)
    with pytest.raises(InputError) as caught:
        read_devfile(path)
    assert message in str(caught.value)
    assert caught.value.position is not None
    assert str(caught.value.position) == f"{path}:{place}"


def test_a_misspelt_key_is_told_with_what_may_be_meant(tmp_path: Path) -> None:
    path = tmp_path / "devfile.yaml"
    path.write_text(f"{_HEAD}compnents: []\n")
    with pytest.raises(InputError) as caught:
        read_devfile(path)
    assert caught.value.hint == "did you mean components?"


def test_a_missing_devfile_is_told() -> None:
    with pytest.raises(InputError, match="cannot read gone.yaml: no such file"):
        read_devfile(Path("gone.yaml"))


@pytest.mark.parametrize("version", ["2.0.0", "2.1.0", "2.2.2", "2.3.0", "2.3.1-alpha", "2.4.0", "9.0.0"])
def test_versions_from_two_on_are_read(tmp_path: Path, version: str) -> None:
    path = tmp_path / "devfile.yaml"
    path.write_text(f"schemaVersion: {version}\ncomponents:\n- {{name: a, container: {{image: x}}}}\n")
    assert len(list(read_devfile(path).components())) == 1


def test_a_newer_version_may_have_keys_that_are_not_known(tmp_path: Path) -> None:
    path = tmp_path / "devfile.yaml"
    path.write_text("schemaVersion: 2.9.0\nnovelty: 1\n")
    assert read_devfile(path).data["novelty"] == 1


def test_components_of_parents_and_plugins_need_not_be_whole(tmp_path: Path) -> None:
    path = tmp_path / "devfile.yaml"
    path.write_text(
        "schemaVersion: 2.0.0\nparent:\n  uri: p.yaml\n  components: [{name: a, container: {memoryLimit: 1G}}]\n"
        "components: [{name: b, plugin: {id: p, components: [{name: c, container: {image: x}}]}}]\n"
    )
    assert [component["name"] for _, component in read_devfile(path).components()] == ["b", "c", "a"]


def test_the_tables_of_keys_name_their_versions() -> None:
    keys = keys_of("component")
    assert keys["image"].since == (2, 2)
    assert keys["plugin"].until == (2, 0)
    assert keys_of("devfile")["components"].is_list
