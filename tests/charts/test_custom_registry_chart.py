"""The New Registry chart makes the pull secret under the name that workflow charts work out, and a test on request."""

from __future__ import annotations

from base64 import b64decode
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from chartkit import Release, compile_chart, load_chart, read_values
from chartkit.errors import ChartkitError
from chartkit.systems.kaapana.registry import registry_secret

ROOT = Path(__file__).parents[2]
CHART = ROOT / "charts" / "custom-registry-chart"
FIXTURES = ROOT / "fixtures" / "custom-registry"
PASSWORD = 's3cret: "quoted" & more'
URLS = {
    "team": ("reg.example.com/team", "registry-secret-cb67"),
    "localhost": ("localhost:32000", "registry-secret-434f"),
    "docker-hub": ("myregistry/test", "registry-secret-aa27"),
    "kaapana": ("registry.example.com/kaapana", "registry-secret-41e4"),
}


@cache
def objects(name: str) -> list[dict[str, Any]]:
    chart = load_chart(CHART)
    values = read_values(chart, files=[str(FIXTURES / f"{name}.yaml")])
    return list(yaml.safe_load_all(compile_chart(chart).render(values, Release("release-name")).text))


@pytest.mark.parametrize(("name", "url", "secret"), [(name, *row) for name, row in URLS.items()], ids=URLS)
def test_secret_has_the_name_and_content_of_the_registry(name: str, url: str, secret: str) -> None:
    (found,) = objects(name)
    assert found["metadata"]["name"] == secret
    assert found["type"] == "kubernetes.io/dockerconfigjson"
    login = "cm9ib3Q6czNjcmV0OiAicXVvdGVkIiAmIG1vcmU="
    assert b64decode(login).decode() == f"robot:{PASSWORD}"
    config = b64decode(found["data"][".dockerconfigjson"]).decode()
    assert config == f'{{"auths": {{"https://{url}": {{"auth": "{login}"}}}}}}'


@pytest.mark.parametrize("name", URLS)
def test_secret_is_the_one_that_the_library_makes(name: str) -> None:
    (found,) = objects(name)
    namespace = found["metadata"]["namespace"]
    assert found == registry_secret(URLS[name][0], "robot", PASSWORD, namespace=namespace)


def test_test_image_is_pulled_always_with_the_secret() -> None:
    _, job = objects("with-test")
    assert job["metadata"]["name"] == "registry-test-cb67"
    assert job["spec"]["backoffLimit"] == 2
    spec = job["spec"]["template"]["spec"]
    assert [(each["image"], each["imagePullPolicy"]) for each in spec["containers"]] == [
        ("reg.example.com/team/otsus-method:0.6.0", "Always")
    ]
    assert spec["imagePullSecrets"] == [{"name": "registry-secret-cb67"}]


@pytest.mark.parametrize("image", ["-", "", "busybox:1", "reg.example.com/team/x"])
def test_no_test_is_made_for_what_is_no_image_with_path_and_tag(image: str) -> None:
    chart = load_chart(CHART)
    values = read_values(chart, set=["global.custom_registry_url=r.example.com/t", f"global.test_pull_image={image}"])
    rendering = compile_chart(chart).render(values, Release("release-name"))
    assert [each["kind"] for each in yaml.safe_load_all(rendering.text)] == ["Secret"]


def test_missing_url_is_refused() -> None:
    with pytest.raises(ChartkitError, match="global.custom_registry_url must be the registry"):
        objects("no-url")
