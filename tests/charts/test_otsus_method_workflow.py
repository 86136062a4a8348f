"""The Kaapana workflow chart takes its images from the registry that the guide's table says, and tells why.

The rows are those of the guide: custom registry or platform registry, copy or prefetch; the tag is 0.0.0.
"""

from __future__ import annotations

import io
import json
import tarfile
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from syrupy.assertion import SnapshotAssertion

from chartkit import Release, compile_chart, load_chart, read_values
from chartkit.cli.app import main
from chartkit.errors import ChartkitError

ROOT = Path(__file__).parents[2]
CHART = ROOT / "charts" / "otsus-method-workflow"
INSTALLER = ROOT / "charts" / "dag-installer-chart"
FIXTURES = ROOT / "fixtures" / "otsus"
RENDERED = sorted(path.stem for path in FIXTURES.glob("*.yaml") if path.stem not in ("no-image", "unknown-action"))
PLATFORM = "docker.io/kaapana/dag-otsus-method:0.0.0"
CUSTOM = "reg.example.com/team/dag-otsus-method:0.0.0"
BOTH = ["registry-secret", "registry-secret-cb67"]


@cache
def rendered(name: str) -> str:
    chart = load_chart(CHART)
    files = [str(FIXTURES / f"{name}.yaml")] if name else []
    return compile_chart(chart).render(read_values(chart, files=files), Release("release-name")).text


@cache
def objects(name: str) -> dict[str, dict[str, Any]]:
    return {f"{each['kind']}/{each['metadata']['name']}": each for each in yaml.safe_load_all(rendered(name)) if each}


def pod(name: str, resource: str) -> dict[str, Any]:
    spec: dict[str, Any] = objects(name)[resource]["spec"]["template"]["spec"]
    return spec


@pytest.mark.parametrize(
    ("name", "resource", "image", "secrets"),
    [
        ("custom-registry", "Job/dag-otsus-method", CUSTOM, BOTH),
        ("null-custom-registry", "Job/dag-otsus-method", "registry.example.com/kaapana/dag-otsus-method:0.0.0",
         ["registry-secret", "registry-secret-41e4"]),
        ("empty-custom-registry", "Job/dag-otsus-method", PLATFORM, BOTH[:1]),
        ("prefetch", "Deployment/get-dag-otsus-method", CUSTOM, BOTH),
        ("prefetch-platform-registry", "Deployment/get-dag-otsus-method", PLATFORM, BOTH[:1]),
        ("host-with-port", "Job/dag-otsus-method", "localhost:32000/dag-otsus-method:0.0.0",
         ["registry-secret", "registry-secret-434f"]),
        ("docker-hub", "Job/dag-otsus-method", "myregistry/test/dag-otsus-method:0.0.0",
         ["registry-secret", "registry-secret-aa27"]),
        ("", "Job/dag-otsus-method", "registry.example.com/kaapana/dag-otsus-method:0.0.0",
         ["registry-secret", "registry-secret-41e4"]),
    ],
)  # fmt: skip
def test_installer_comes_from_the_custom_registry_or_else_the_platforms(
    name: str, resource: str, image: str, secrets: list[str]
) -> None:
    for each in (resource, "Job/remove-dag-otsus-method"):
        spec = pod(name, each)
        assert [container["image"] for container in spec["containers"]] == [image]
        assert [secret["name"] for secret in spec["imagePullSecrets"]] == secrets


def test_installer_comes_from_the_platform_where_nothing_names_a_custom_registry() -> None:
    installer = load_chart(INSTALLER)
    values = read_values(installer, set=["global.image=dag-otsus-method"])
    text = compile_chart(installer).render(values, Release("release-name")).text
    specs = [each["spec"]["template"]["spec"] for each in yaml.safe_load_all(text)]
    assert [each["containers"][0]["image"] for each in specs] == [PLATFORM, PLATFORM]
    assert [each["imagePullSecrets"] for each in specs] == [[{"name": "registry-secret"}]] * 2


@pytest.mark.parametrize("name", RENDERED)
def test_init_container_stays_on_the_platform_whatever_the_custom_registry(name: str) -> None:
    for resource in objects(name):
        images = [container["image"] for container in pod(name, resource)["initContainers"]]
        assert images == ["docker.io/kaapana/service-checker:0.6.0"]


@pytest.mark.parametrize("name", RENDERED)
def test_there_are_two_objects_and_the_second_is_a_hook(name: str) -> None:
    first, second = objects(name).values()
    assert first["metadata"]["namespace"] == second["metadata"]["namespace"] == "services"
    assert second["metadata"]["annotations"]["helm.sh/hook"] == "pre-delete"


def test_environment_names_the_platforms_registry_and_the_charts_version() -> None:
    (container,) = pod("custom-registry", "Job/dag-otsus-method")["containers"]
    assert {each["name"]: each["value"] for each in container["env"]} == {
        "ACTION": "copy",
        "ADMIN_NAMESPACE": "admin",
        "SERVICES_NAMESPACE": "services",
        "KAAPANA_BUILD_VERSION": "0.6.0",
        "KAAPANA_DEFAULT_REGISTRY": "docker.io/kaapana",
        "DOCKER_VERSION": "0.0.0",
    }


@pytest.mark.parametrize(
    ("name", "policy"), [("custom-registry", "IfNotPresent"), ("pull-always", "Always")], ids=["default", "given"]
)
def test_pull_policy_is_the_one_given(name: str, policy: str) -> None:
    (container,) = pod(name, "Job/dag-otsus-method")["containers"]
    assert container["imagePullPolicy"] == policy


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("no-image", "global.image must name the image of the DAG installer"),
        ("unknown-action", 'global.action is "move": must be copy or prefetch'),
    ],
)
def test_bad_values_are_refused(name: str, message: str) -> None:
    with pytest.raises(ChartkitError, match=message):
        rendered(name)


@pytest.mark.parametrize("name", RENDERED)
def test_text_is_real_helms(name: str) -> None:
    golden = ROOT / "fixtures" / "goldens" / "otsus-method-workflow" / f"{name}.yaml"
    assert rendered(name).encode() == golden.read_bytes()


def test_packed_dependency_is_the_chart_beside_it() -> None:
    archive = CHART / "charts" / "dag-installer-chart-0.0.0.tgz"
    with tarfile.open(fileobj=io.BytesIO(archive.read_bytes())) as packed:
        found = {member.name: packed.extractfile(member) for member in packed if member.isfile()}
        texts = {name.partition("/")[2]: file.read() for name, file in found.items() if file}
    wanted = {path.relative_to(INSTALLER).as_posix(): path for path in INSTALLER.rglob("*") if path.is_file()}
    assert texts.keys() == wanted.keys()
    for name, path in wanted.items():
        if name != "Chart.yaml":
            assert texts[name] == path.read_bytes(), f"{name}: chartkit dependency update {CHART.relative_to(ROOT)}"
    # Packing sorts the keys of Chart.yaml.
    assert yaml.safe_load(texts["Chart.yaml"]) == yaml.safe_load(wanted["Chart.yaml"].read_bytes())


def test_snapshot_of_the_image_lines(snapshot: SnapshotAssertion) -> None:
    def block(name: str) -> str:
        lines = [line.strip() for line in rendered(name).splitlines() if "image:" in line]
        return "\n".join([name or "defaults", *(f"  {line}" for line in lines)])

    assert "\n".join(map(block, ["", *RENDERED])) == snapshot


def test_render_prints_all_four_image_lines(capfd: pytest.CaptureFixture[str]) -> None:
    assert run("render", "custom-registry", "--images-only") == 0
    checker, installer = '"docker.io/kaapana/service-checker:0.6.0"', f'"{CUSTOM}"'
    assert capfd.readouterr().out.splitlines() == [f"image: {each}" for each in (checker, installer) * 2]


def test_images_name_the_keys_of_the_installer(capfd: pytest.CaptureFixture[str]) -> None:
    assert run("images", "custom-registry", "--keys", "--registry", "reg.example.com", "--format", "json") == 0
    images = json.loads(capfd.readouterr().out)["images"]
    assert [image["image"] for image in images] == [CUSTOM, CUSTOM]
    assert [image["events"] for image in images] == [[], ["pre-delete"]]
    keys = ["global.custom_registry_url", "global.image", "dag-installer-chart.Chart.version"]
    assert [image["keys"] for image in images] == [keys, keys]


def test_verify_images_wants_the_service_checker_allowed(capfd: pytest.CaptureFixture[str]) -> None:
    expect = ("--expect", "reg.example.com/team")
    assert run("verify-images", "custom-registry", *expect) == 1
    assert "2/4 images match" in capfd.readouterr().out
    assert run("verify-images", "custom-registry", *expect, "--allow", "docker.io/kaapana/service-checker") == 0
    assert "4/4 images match (2 allowed)" in capfd.readouterr().out


@pytest.mark.parametrize(
    ("name", "part", "won"),
    [
        ("custom-registry", "registry", "global.custom_registry_url"),
        ("empty-custom-registry", "registry", "global.registry_url"),
        ("custom-registry", "tag", "dag-installer-chart.Chart.version"),
    ],
    ids=["custom-registry", "an-empty-one-is-none", "the-tag-is-the-installers-version"],
)
def test_explain_shows_the_key_that_won(name: str, part: str, won: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert run("explain", name, "--image", "dag-otsus-method:", "--part", part) == 0
    lines = capfd.readouterr().out.splitlines()
    assert {line.split()[0] for line in lines if line.split()[1:2] == ["won"]} == {won}
    if name == "empty-custom-registry":
        assert any(line.split()[:2] == ["global.custom_registry_url", "empty"] for line in lines)


def run(command: str, name: str, *words: str) -> int:
    return main([command, "--chart", str(CHART), str(FIXTURES / f"{name}.yaml"), *words])
