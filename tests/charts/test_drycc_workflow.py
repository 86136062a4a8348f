"""The Drycc chart makes of every generation's keys what the library makes of them, and exactly what Helm prints."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from syrupy.assertion import SnapshotAssertion

from chartkit import Release, compile_chart, find_images, load_chart, read_values
from chartkit.engine.render import Rendering
from chartkit.errors import ChartkitError
from chartkit.systems.drycc.environment import component_environment, refresher_environment
from chartkit.systems.drycc.secrets import component_secrets, registry_secret
from chartkit.systems.drycc.settings import Settings, read_settings

ROOT = Path(__file__).parents[2]
CHART = ROOT / "charts" / "drycc-workflow"
FIXTURES = ROOT / "fixtures" / "drycc"
RENDERED = sorted(path.stem for path in FIXTURES.glob("*.yaml") if not path.stem.startswith("bad-"))


@cache
def rendering(name: str) -> Rendering:
    chart = load_chart(CHART)
    return compile_chart(chart).render(read_values(chart, files=[str(FIXTURES / f"{name}.yaml")]), Release("drycc"))


@cache
def objects(name: str) -> dict[str, dict[str, Any]]:
    return {f"{each['kind']}/{each['metadata']['name']}": each for each in yaml.safe_load_all(rendering(name).text)}


@cache
def settings(name: str) -> Settings:
    return read_settings(read_values(files=[str(FIXTURES / f"{name}.yaml")]).data)


def environment(name: str, component: str) -> list[dict[str, Any]]:
    (container,) = objects(name)[f"Deployment/drycc-{component}"]["spec"]["template"]["spec"]["containers"]
    found: list[dict[str, Any]] = container["env"]
    return found


@pytest.mark.parametrize("name", RENDERED)
def test_secrets_are_those_of_the_library(name: str) -> None:
    secrets = [each for kind, each in objects(name).items() if kind.startswith("Secret/")]
    wanted = [registry_secret(settings(name), namespace="default")]
    wanted += component_secrets(settings(name), namespace="default")
    assert sorted(secrets, key=name_of) == sorted((each for each in wanted if each), key=name_of)


def name_of(manifest: Any) -> str:
    return str(manifest["metadata"]["name"])


@pytest.mark.parametrize("component", ["builder", "controller"])
@pytest.mark.parametrize("name", RENDERED)
def test_components_are_told_what_the_library_says(name: str, component: str) -> None:
    wanted = [each.manifest() for each in component_environment(settings(name), component)]
    assert environment(name, component) == wanted


@pytest.mark.parametrize("name", RENDERED)
def test_refresher_runs_for_tokens_only(name: str) -> None:
    wanted = [each.manifest() for each in refresher_environment(settings(name))]
    if not wanted:
        assert "Deployment/drycc-registry-token-refresher" not in objects(name)
    else:
        assert environment(name, "registry-token-refresher") == wanted


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("bad-no-organization", "a registry off the cluster needs its organization"),
        ("bad-location", 'global.registry_location is "Off-Cluster": must be on-cluster, off-cluster, ecr or gcr'),
        ("bad-scheme", "the host of the registry has no scheme: https://quay.io"),
        ("bad-ecr-half", "set accesskey and secretkey, or neither"),
        ("bad-gcr-key", "key_json must be the key of a service account in base64"),
        ("bad-today-no-host", "builder.registryHost must be set when registry.enabled is false"),
    ],
)
def test_settings_are_refused_that_no_component_could_work_with(name: str, message: str) -> None:
    with pytest.raises(ChartkitError, match=re.escape(message)):
        rendering(name)


@pytest.mark.parametrize("name", RENDERED)
def test_text_is_real_helms(name: str) -> None:
    golden = (ROOT / "fixtures" / "goldens" / "drycc-workflow" / f"{name}.yaml").read_text(encoding="utf-8")
    assert rendering(name).text == golden


def test_images_in_the_text_of_a_config_map_are_found() -> None:
    found = {use.text: (use.resource.kind, str(use.certainty)) for use in find_images(rendering("quay"))}
    assert found["registry.drycc.cc/drycc/python-dev:latest"] == ("ConfigMap", "likely")
    assert found["registry.drycc.cc/drycc/builder:canary"] == ("Deployment", "certain")


def test_snapshot_of_the_image_lines(snapshot: SnapshotAssertion) -> None:
    def block(name: str) -> str:
        lines = [line.strip() for line in rendering(name).text.splitlines() if "image" in line and ":" in line]
        images = [line for line in lines if line.startswith(("image:", '{"name"'))]
        return "\n".join([name, *(f"  {line}" for line in images)])

    assert "\n".join(map(block, RENDERED)) == snapshot
