from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from chartkit.goyaml.load import load
from chartkit.images.target import Layout, read_destination
from chartkit.systems.devfile.locations import collect
from chartkit.systems.devfile.plan import TOOLS, Copier, Plan, as_script, make_plan
from chartkit.systems.devfile.relocation import needed_copies

FIXTURES = Path(__file__).parents[3] / "fixtures/devfiles"
TO = "registry.local:5000/airgap"
GUIDE = "registry.access.redhat.com/ubi8/nodejs-16:latest"


def _plan(stack: str, tool: str = "podman", layout: Layout = Layout.LEAF, plain: frozenset[str] = frozenset()) -> Plan:
    destination = read_destination(TO, layout)
    return make_plan(needed_copies(collect([FIXTURES / stack]).images, destination), destination, Copier(tool, plain))


@pytest.mark.parametrize("tool", ["podman", "docker"])
def test_the_commands_of_the_guide(tool: str) -> None:
    lines = as_script(_plan("nodejs-16-latest", tool)).splitlines()
    for line in (
        f"{tool} pull {GUIDE}",
        f"{tool} tag {GUIDE} {TO}/nodejs-16:latest",
        f"{tool} push {TO}/nodejs-16:latest",
        f"{tool} tag devfile-index {TO}/devfile-index:latest",
        f"{tool} push {TO}/devfile-index:latest",
        f"{tool} push {TO}/registry-viewer:next",
        f"{tool} push {TO}/oci-registry:next",
        f"{tool} build -t devfile-index -f .ci/Dockerfile.offline .",
    ):
        assert line in lines


def test_skopeo_copies_without_pulling() -> None:
    lines = as_script(_plan("nodejs-16-latest", "skopeo")).splitlines()
    assert f"skopeo copy --all docker://{GUIDE} docker://{TO}/nodejs-16:latest" in lines
    assert f"skopeo copy docker-daemon:devfile-index:latest docker://{TO}/devfile-index:latest" in lines
    assert not any(line.startswith("podman") for line in lines)


@pytest.mark.parametrize("tool", TOOLS)
def test_digests_are_copied_so_that_they_stay(tool: str) -> None:
    plan = _plan("nodejs-mongodb", tool)
    digests = {source.digest for source, _ in plan.copies}
    assert all(command.startswith("skopeo copy --all --preserve-digests") for command in plan.steps[0].commands)
    assert {command.rpartition("@")[2] for command in plan.steps[0].commands} == digests


def test_the_values_name_all_three_images_of_the_chart() -> None:
    assert _plan("udi").override == {
        "devfileIndex": {"image": f"{TO}/devfile-index", "tag": "latest"},
        "registryViewer": {"image": f"{TO}/registry-viewer", "tag": "next"},
        "ociRegistry": {"image": f"{TO}/oci-registry", "tag": "next"},
    }


def test_the_script_writes_the_values(tmp_path: Path) -> None:
    plan = _plan("udi", layout=Layout.PATH)
    script = as_script(plan)
    values = script.partition("<<'END'\n")[2].partition("END\n")[0]
    assert load(values) == plan.override
    assert plan.override["devfileIndex"]["image"] == f"{TO}/devfile/devfile-index"


def test_every_line_of_the_script_is_sound_shell() -> None:
    for line in as_script(_plan("hermes-1.0.0")).splitlines():
        assert line.startswith("#") or shlex.split(line) is not None


def test_the_script_warns_of_what_the_build_does_not_do() -> None:
    script = as_script(_plan("udi"))
    assert "never rewritten by the build" in script
    assert "CK125" in script
    assert '"offline"' in script


@pytest.mark.parametrize(
    ("tool", "line"),
    [
        ("podman", f"podman push --tls-verify=false {TO}/nodejs-16:latest"),
        ("docker", f"docker push {TO}/nodejs-16:latest"),
        ("skopeo", f"skopeo copy --all --dest-tls-verify=false docker://{GUIDE} docker://{TO}/nodejs-16:latest"),
    ],
)
def test_registries_without_tls_are_told_to_the_tools(tool: str, line: str) -> None:
    script = as_script(_plan("nodejs-16-latest", tool, plain=frozenset(["registry.local:5000"])))
    assert line in script.splitlines()
    assert ("insecure-registries" in script) is (tool == "docker")
    assert f"{tool} pull --tls-verify" not in script
