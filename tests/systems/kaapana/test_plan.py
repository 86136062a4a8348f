"""The plan has the guide's commands in the guide's order, with the names of the extension filled in."""

from __future__ import annotations

from pathlib import Path

import pytest

from chartkit.errors import InputError
from chartkit.systems.kaapana.extension import read_extension
from chartkit.systems.kaapana.plan import Step, plan

URL = "reg.example.com/team"
CHART = "extension/otsus-method-workflow"


def commands(folder: Path, steps: list[Step]) -> list[tuple[str, str]]:
    """Where each command runs, below the folder, and the command."""
    found = []
    for step in steps:
        where = step.folder.relative_to(folder).as_posix() if step.folder.is_relative_to(folder) else "."
        found.append((where, " ".join(step.command).replace(str(folder), "DIR")))
    return [each for each in found if each[1]]


@pytest.mark.parametrize(("version", "tag"), [("0.6.0", "0.6.0"), ("", "<platform-version>")], ids=["given", "open"])
def test_plan_is_the_guides(extension: Path, version: str, tag: str) -> None:
    steps = plan(read_extension(extension), platform_version=version)
    assert commands(extension, steps) == [
        ("processing-containers/otsus-method", f"docker build -t {URL}/otsus-method:{tag} ."),
        (".", f"docker push {URL}/otsus-method:{tag}"),
        (".", f"chartkit kaapana rewrite-operators DIR --registry {URL}"),
        ("extension/docker", f"docker build -t {URL}/dag-otsus-method:0.0.0 ."),
        (".", f"docker push {URL}/dag-otsus-method:0.0.0"),
        (CHART, "helm dep up"),
        (CHART, "helm package ."),
    ]
    notes = [step.note for step in steps if step.note]
    assert notes[0].endswith(f"with the URL {URL}: it makes the pull secret registry-secret-cb67")
    assert notes[-1] == f"upload {extension / CHART}/otsus-method-workflow-0.0.0.tgz in the Extensions View"


def test_chartkit_can_get_the_dependency_and_pack_by_itself(extension: Path) -> None:
    chart = str(extension / CHART)
    own = [step.own for step in plan(read_extension(extension)) if step.own]
    assert own == [("dependency", "update", chart), ("package", chart, "--destination", chart)]


def test_another_registry_is_to_be_set_in_the_values(extension: Path) -> None:
    steps = plan(read_extension(extension), "localhost:32000", "1")
    assert commands(extension, steps)[0][1] == "docker build -t localhost:32000/otsus-method:1 ."
    note = f'set global.custom_registry_url to "localhost:32000" in {extension / CHART / "values.yaml"}'
    assert note in [step.note for step in steps]


def test_operators_that_have_the_registry_are_not_rewritten_again(extension: Path) -> None:
    for path in extension.rglob("*Operator.py"):
        path.write_text(path.read_text().replace("{DEFAULT_REGISTRY}", URL))
    found = [command for _, command in commands(extension, plan(read_extension(extension)))]
    assert found[0] == f"docker build -t {URL}/otsus-method:<platform-version> ."
    assert not any("rewrite-operators" in command for command in found)


def test_missing_dockerfiles_are_said(extension: Path) -> None:
    for path in extension.rglob("Dockerfile"):
        path.unlink()
    notes = [step.note for step in plan(read_extension(extension)) if not step.command]
    assert notes[0] == "no operator runs an image that a Dockerfile here makes"
    assert notes[1].startswith("no Dockerfile has LABEL IMAGE=dag-otsus-method: build reg.example.com/team/dag-otsus")


@pytest.mark.parametrize(
    ("old", "new", "registry", "message"),
    [
        (URL, "", "", "names no custom registry"),
        (URL, "https://x.example.com", "", "has a scheme"),
        (URL, URL, "x.example.com/", "ends with a slash"),
    ],
    ids=["none", "chart", "flag"],
)
def test_plan_is_refused_without_a_registry(extension: Path, old: str, new: str, registry: str, message: str) -> None:
    values = extension / CHART / "values.yaml"
    values.write_text(values.read_text().replace(old, new))
    with pytest.raises(InputError, match=message):
        plan(read_extension(extension), registry)


def test_plan_is_refused_without_the_installers_chart(extension: Path) -> None:
    requirements = extension / CHART / "requirements.yaml"
    requirements.write_text(requirements.read_text().replace("charts/", "nowhere/"))
    with pytest.raises(InputError, match="lacks its installer") as caught:
        plan(read_extension(extension))
    assert str(caught.value.position) == f"{requirements}:5:17"
