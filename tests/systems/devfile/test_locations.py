from __future__ import annotations

from pathlib import Path

import pytest

from chartkit.errors import InputError
from chartkit.images.use import Certainty
from chartkit.systems.devfile.locations import collect, images_of
from chartkit.systems.devfile.places import DevfileImage, Role

FIXTURES = Path(__file__).parents[3] / "fixtures/devfiles"
DIGEST = "@sha256:99d87fc6f1c9114db7456c419fa4556f63c1c057b6bffde57a1f7429652c7b56"
HUB_DIGEST = "@sha256:b3bd5b6be9a0734dfa027c866ba17c42fd4c4325c973669e5e77a354c30e84a3"
JHIPSTER = "quay.io/devfile/jhipster-online@sha256:1f284df66c8ef209ea2cd1a10516e9ba424508a11341eead650e88027858d3ee"

STACKS: dict[str, list[tuple[str, str, str, str]]] = {
    "dotnet80": [("devfile.yaml:25:14", "pulled", "registry.access.redhat.com/ubi8/dotnet-80:8.0-13", "dotnet")],
    "go-2.6.0": [
        ("devfile.yaml:24:18", "build", "go-image:latest", "build"),
        ("docker/Dockerfile:1:6", "base", "registry.access.redhat.com/ubi9/go-toolset:1.25.5-1770654497", "FROM"),
        ("kubernetes/deploy.yaml:30:18", "built", "go-image:latest", "my-go"),
        ("devfile.yaml:43:14", "pulled", "registry.access.redhat.com/ubi9/go-toolset:1.25.5-1770654497", "runtime"),
    ],
    "hermes-1.0.0": [
        ("devfile.yaml:44:14", "pulled", "quay.io/devfile/universal-developer-image:ubi9-latest", "tools"),
        ("devfile.yaml:56:14", "pulled", "docker.io/nousresearch/hermes-agent:v2026.6.5", "hermes"),
    ],
    "java-openliberty": [("devfile.yaml:50:14", "pulled", "icr.io/appcafe/open-liberty-devfile-stack:22.0.0.1", "dev")],
    "java-quarkus-1.6.0": [
        ("devfile.yaml:24:14", "pulled", "registry.access.redhat.com/ubi9/openjdk-21:1.24-2", "tools")
    ],
    "java-springboot-2.2.0": [
        ("devfile.yaml:22:14", "pulled", "registry.access.redhat.com/ubi9/openjdk-17:1.20-2.1721752931", "tools"),
        ("devfile.yaml:44:18", "build", "java-springboot-image:latest", "build"),
        ("docker/Dockerfile:12:6", "base", "quay.io/devfile/maven:3.8.1-openjdk-17-slim", "FROM"),
        ("docker/Dockerfile:23:6", "base", "registry.access.redhat.com/ubi9/openjdk-17-runtime:latest", "FROM"),
        ("kubernetes/deploy.yaml:30:18", "built", "java-springboot-image:latest", "my-java-springboot"),
    ],
    "java-wildfly-2.0.1": [
        ("devfile.yaml:30:15", "pulled", "quay.io/devfile/universal-developer-image:ubi8-latest", "tools"),
        ("devfile.yaml:66:19", "build", "getting-started:latest", "image-build"),
        ("Containerfile:3:6", "base", "quay.io/wildfly/wildfly-s2i:latest-jdk17", "FROM"),
        ("Containerfile:15:6", "base", "quay.io/wildfly/wildfly-runtime:latest-jdk17", "FROM"),
        ("deploy.yaml:17:19", "built", "getting-started:latest", "start"),
    ],
    "jhipster-online-2.33.1": [("devfile.yaml:35:15", "pulled", JHIPSTER, "tools")],
    "nodejs-16-latest": [
        ("devfile.yaml:25:14", "pulled", "registry.access.redhat.com/ubi8/nodejs-16:latest", "runtime")
    ],
    "nodejs-2.2.1": [("devfile.yaml:24:14", "pulled", "registry.access.redhat.com/ubi8/nodejs-18:1-32", "runtime")],
    "nodejs-mongodb": [
        ("devfile.yaml:25:14", "pulled", f"quay.io/devfile/universal-developer-image{DIGEST}", "tools"),
        ("devfile.yaml:43:14", "pulled", f"bitnami/mongodb{HUB_DIGEST}", "mongo"),
    ],
    "ollama": [
        ("devfile.yaml:25:12", "pulled", "quay.io/devfile/universal-developer-image:ubi8-98224a3", "udi"),
        ("devfile.yaml:45:12", "pulled", "docker.io/ollama/ollama:0.5.4", "ollama"),
    ],
    "udi": [("devfile.yaml:24:14", "pulled", "quay.io/devfile/universal-developer-image:ubi9-latest", "tools")],
}


@pytest.mark.parametrize("stack", STACKS)
def test_images_of_every_real_stack(stack: str) -> None:
    folder = FIXTURES / stack
    found = [
        (str(each.position).removeprefix(f"{folder}/"), str(each.role), each.expanded.text, each.use.container)
        for each in collect([folder]).images
    ]
    assert found == STACKS[stack]


def test_all_stacks_together_are_the_stacks_one_by_one() -> None:
    assert len(collect([FIXTURES]).images) == sum(map(len, STACKS.values()))


@pytest.mark.parametrize("stack", STACKS)
def test_the_place_of_an_image_holds_its_characters(stack: str) -> None:
    for image in collect([FIXTURES / stack]).images:
        assert image.use.span is not None
        assert image.use.file_text[slice(*image.use.span)] == image.expanded.written
        assert image.use.certainty is Certainty.CERTAIN


def test_images_of_a_path_are_those_that_have_to_be_pulled() -> None:
    uses = images_of(FIXTURES / "go-2.6.0")
    assert {use.reference.canonical() for use in uses if use.reference} == {
        "registry.access.redhat.com/ubi9/go-toolset:1.25.5-1770654497"
    }
    assert [use.place for use in uses] == ["dockerfile", "component"]


def test_images_of_a_dockerfile_alone() -> None:
    uses = images_of(FIXTURES / "java-wildfly-2.0.1/Containerfile")
    assert [use.reference.tag for use in uses if use.reference] == ["latest-jdk17", "latest-jdk17"]


_HEAD = "schemaVersion: 2.2.2\nmetadata: {name: demo}\n"
_POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [{name: c, image: %s}]}\n"


def _images(path: Path, **files: str) -> tuple[DevfileImage, ...]:
    for name, text in files.items():
        target = path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
    return collect([path]).images


def _texts(path: Path, **files: str) -> list[tuple[str, str]]:
    return [(each.expanded.text, str(each.role)) for each in _images(path, **files)]


def test_inlined_manifests_of_both_kinds(tmp_path: Path) -> None:
    text = (
        f"{_HEAD}variables: {{v: '7'}}\ncomponents:\n- name: a\n  kubernetes:\n    inlined: |\n"
        + "".join(f"      {line}\n" for line in (_POD % "quay.io/x/a:{{ v }}").splitlines())
        + "      ---\n"
        + "".join(f"      {line}\n" for line in (_POD % '"quay.io/x/b:1"').splitlines())
        + "- name: b\n  openshift:\n    inlined: '{apiVersion: apps/v1, kind: Deployment, metadata: {name: d}, spec: "
        "{template: {spec: {initContainers: [{name: i, image: quay.io/x/c:1}]}}}}'\n"
    )
    images = _images(tmp_path, **{"devfile.yaml": text})
    assert [each.expanded.text for each in images] == ["quay.io/x/a:7", "quay.io/x/b:1", "quay.io/x/c:1"]
    for image in images:
        assert image.use.span is not None
        assert text[slice(*image.use.span)] == image.expanded.written
    assert [str(each.use.resource.name) for each in images] == ["p", "p", "d"]


def test_a_manifest_may_have_variables_without_quotes(tmp_path: Path) -> None:
    devfile = f"{_HEAD}variables: {{i: quay.io/x/y, v: '2'}}\ncomponents:\n- {{name: a, kubernetes: {{uri: m.yaml}}}}\n"
    images = _images(tmp_path, **{"devfile.yaml": devfile, "m.yaml": _POD % "{{i}}:{{v}}"})
    assert [(each.expanded.text, each.expanded.written) for each in images] == [("quay.io/x/y:2", "{{i}}:{{v}}")]


def test_overrides_of_a_parent_and_of_a_plugin(tmp_path: Path) -> None:
    text = (
        "schemaVersion: 2.0.0\nparent:\n  uri: https://example.com/d.yaml\n  components:\n"
        "  - {name: a, container: {image: quay.io/x/a:1}}\n"
        "components:\n- name: p\n  plugin:\n    id: x/y\n    components:\n"
        "    - {name: b, container: {image: quay.io/x/b:1}}\n"
    )
    assert _texts(tmp_path, **{"devfile.yaml": text}) == [("quay.io/x/b:1", "pulled"), ("quay.io/x/a:1", "pulled")]


def test_a_parent_beside_the_devfile_is_read_and_gives_its_variables(tmp_path: Path) -> None:
    child = (
        "schemaVersion: 2.2.0\nparent: {uri: p.yaml}\ncomponents:\n- {name: a, container: {image: 'q.io/a:{{v}}'}}\n"
    )
    parent = "schemaVersion: 2.2.0\nvariables: {v: '5'}\ncomponents:\n- {name: b, container: {image: 'q.io/b:{{v}}'}}\n"
    assert _texts(tmp_path, **{"devfile.yaml": child, "p.yaml": parent}) == [
        ("q.io/a:5", "pulled"),
        ("q.io/b:5", "pulled"),
    ]


def test_parents_that_go_round_are_refused(tmp_path: Path) -> None:
    text = "schemaVersion: 2.2.0\nparent: {uri: devfile.yaml}\n"
    with pytest.raises(InputError, match="lead back to themselves"):
        _images(tmp_path, **{"devfile.yaml": text})


def test_arguments_for_the_build_are_given_to_the_dockerfile(tmp_path: Path) -> None:
    devfile = (
        f"{_HEAD}variables: {{v: '3'}}\ncomponents:\n- name: a\n  image:\n    imageName: x\n    dockerfile: "
        "{uri: Dockerfile, args: ['--build-arg', 'V={{v}}', '--build-arg=W=4', '--squash']}\n"
    )
    files = {"devfile.yaml": devfile, "Dockerfile": "ARG V=1\nARG W=1\nFROM quay.io/x/y:$V.$W\n"}
    assert _texts(tmp_path, **files) == [("x", "build"), ("quay.io/x/y:3.4", "base")]


def test_a_dockerfile_beside_the_devfile_counts_though_nothing_names_it(tmp_path: Path) -> None:
    files = {"devfile.yaml": _HEAD, "docker/Dockerfile": "FROM quay.io/x/y:1\n", ".git/Dockerfile": "FROM no\n"}
    assert _texts(tmp_path, **files) == [("quay.io/x/y:1", "base")]


@pytest.mark.parametrize(
    ("image", "role"),
    [("app:1", "built"), ("app:2", "built"), ("quay.io/x/app:1", "pulled"), ("other", "pulled"), ("y/app", "built")],
)
def test_what_the_devfile_builds_is_told_apart(tmp_path: Path, image: str, role: str) -> None:
    text = f"{_HEAD}components:\n- {{name: b, image: {{imageName: 'app:1'}}}}\n"
    text += f"- {{name: c, container: {{image: '{image}'}}}}\n"
    assert _texts(tmp_path, **{"devfile.yaml": text})[1] == (image, role)


def test_an_image_that_is_built_by_its_full_name_is_known_by_it(tmp_path: Path) -> None:
    text = f"{_HEAD}components:\n- {{name: b, image: {{imageName: 'q.io/x/a:1'}}}}\n"
    text += "- {name: c, container: {image: 'q.io/x/a'}}\n"
    assert _texts(tmp_path, **{"devfile.yaml": text})[1] == ("q.io/x/a", "built")


def test_a_variable_without_a_value_is_a_fault(tmp_path: Path) -> None:
    text = f"{_HEAD}components:\n- {{name: c, container: {{image: 'q.io/x:{{{{v}}}}'}}}}\n"
    (image,) = _images(tmp_path, **{"devfile.yaml": text})
    assert image.reference is None
    assert image.use.fault == "nothing says what v is"


def _registry(folder: Path) -> Path:
    files = {
        "stacks/go/stack.yaml": "name: go\nversions:\n- version: 1.0.0\n- version: 2.0.0\n"
        "- {version: 3.0.0, git: {remotes: {origin: https://example.com/x.git}}}\n",
        "stacks/go/1.0.0/devfile.yaml": f"{_HEAD}components: [{{name: a, container: {{image: 'q.io/go:1'}}}}]\n",
        "stacks/go/2.0.0/.devfile.yaml": f"{_HEAD}components: [{{name: a, container: {{image: 'q.io/go:2'}}}}]\n",
        "stacks/go/9.9.9/devfile.yaml": "not listed",
        "stacks/udi/devfile.yaml": f"{_HEAD}components: [{{name: a, container: {{image: 'q.io/udi:1'}}}}]\n",
        ".ci/Dockerfile.offline": "FROM q.io/base:next\n",
        "extraDevfileEntries.yaml": "samples:\n- {name: s, git: {remotes: {origin: https://example.com/s.git}}}\n",
    }
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


def test_a_whole_registry_is_read(tmp_path: Path) -> None:
    found = collect([_registry(tmp_path)])
    assert [(each.expanded.text, each.role) for each in found.images] == [
        ("q.io/go:1", Role.PULLED),
        ("q.io/go:2", Role.PULLED),
        ("q.io/udi:1", Role.PULLED),
        ("q.io/base:next", Role.INDEX),
    ]
    assert [path.path.name for path in found.lists] == ["stack.yaml", "extraDevfileEntries.yaml"]
    assert found.registries == (tmp_path,)


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("stacks/go/stack.yaml", "versions:\n- version: 4.0.0\n", "lists version 4.0.0"),
        ("stacks/go/stack.yaml", "versions:\n- version: 4\n", "has no version that is a text"),
        ("stacks/go/stack.yaml", "name: go\n", "lists no versions"),
        ("stacks/go/1.0.0/.devfile.yaml", _HEAD, "which one counts"),
        ("extraDevfileEntries.yaml", "a: [\n", "is no YAML"),
    ],
)
def test_a_broken_registry_is_refused(tmp_path: Path, name: str, text: str, message: str) -> None:
    (_registry(tmp_path) / name).write_text(text)
    with pytest.raises(InputError, match=message):
        collect([tmp_path])


def test_a_folder_without_devfiles_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="holds no devfile"):
        collect([tmp_path])


def test_a_folder_of_dockerfiles_is_read(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text("FROM q.io/a:1\n")
    assert [each.expanded.text for each in collect([tmp_path]).images] == ["q.io/a:1"]


@pytest.mark.parametrize(
    ("manifest", "place"),
    [("a: [\n", "m.yaml:1:5"), ("kind: A\n---\na: b: c\n", "m.yaml:3:5"), ("- a\n", "m.yaml:1:1")],
)
def test_a_broken_manifest_is_refused_with_its_place(tmp_path: Path, manifest: str, place: str) -> None:
    files = {"devfile.yaml": f"{_HEAD}components: [{{name: a, kubernetes: {{uri: m.yaml}}}}]\n", "m.yaml": manifest}
    with pytest.raises(InputError, match="manifest") as caught:
        _images(tmp_path, **files)
    assert str(caught.value.position) == f"{tmp_path}/{place}"


def test_a_broken_inlined_manifest_is_refused_with_its_place(tmp_path: Path) -> None:
    text = f"{_HEAD}components:\n- name: a\n  kubernetes:\n    inlined: |\n      kind: Pod\n      a: b: c\n"
    with pytest.raises(InputError, match="manifest is no YAML") as caught:
        _images(tmp_path, **{"devfile.yaml": text})
    assert str(caught.value.position) == f"{tmp_path}/devfile.yaml:8:11"
