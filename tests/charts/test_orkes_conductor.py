"""The Orkes Conductor chart gives what the registry guide promises, and exactly what Helm makes of it.

The facts in fixtures/orkes/expected.json are written by hand from the guide; the goldens are what real Helm printed.
"""

from __future__ import annotations

import json
import re
from base64 import b64decode
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from syrupy.assertion import SnapshotAssertion

from chartkit import Release, compile_chart, load_chart, read_values
from chartkit.chart.chart import Chart
from chartkit.engine.compiled import CompiledChart
from chartkit.errors import ChartkitError

ROOT = Path(__file__).parents[2]
CHART = ROOT / "charts" / "orkes-conductor"
FIXTURES = ROOT / "fixtures" / "orkes"
GOLDENS = ROOT / "fixtures" / "goldens" / "orkes-conductor"

FACTS: dict[str, dict[str, Any]] = json.loads((FIXTURES / "expected.json").read_text(encoding="utf-8"))
RENDERED = [name for name, fact in FACTS.items() if "error" not in fact]
REFUSED = [name for name, fact in FACTS.items() if "error" in fact]
OLDER_HELMS = ["4.2", "4.1", "3.17"]
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@cache
def chart() -> Chart:
    return load_chart(CHART)


@cache
def program(helm: str) -> CompiledChart:
    return compile_chart(chart(), helm=helm)


def render(*flags: str, files: tuple[Path, ...] = (), helm: str = "4.3") -> str:
    values = read_values(chart(), files=[str(each) for each in files], set=list(flags))
    return program(helm).render(values, Release("release-name")).text


@cache
def rendered(name: str, helm: str = "4.3") -> str:
    return render(files=(FIXTURES / f"{name}.yaml",), helm=helm)


@cache
def documents(text: str) -> list[dict[str, Any]]:
    return [each for each in yaml.load_all(text, Loader=LOADER) if each]


def pods(text: str) -> dict[str, dict[str, Any]]:
    deployments = [each for each in documents(text) if each["kind"] == "Deployment"]
    specs = [each["spec"]["template"]["spec"] for each in deployments]
    return {spec["containers"][0]["name"]: spec for spec in specs}


def containers(text: str) -> dict[str, dict[str, Any]]:
    return {name: spec["containers"][0] for name, spec in pods(text).items()}


def image_lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if "image:" in line]


def pull_secrets(text: str) -> dict[str, str]:
    secrets = [each for each in documents(text) if each.get("type") == "kubernetes.io/dockerconfigjson"]
    return {each["metadata"]["name"]: b64decode(each["data"][".dockerconfigjson"]).decode() for each in secrets}


def environment(text: str, component: str) -> dict[str, Any]:
    return {each["name"]: each.get("value") for each in containers(text)[component].get("env", [])}


def test_facts_cover_every_fixture() -> None:
    assert sorted(FACTS) == sorted(path.stem for path in FIXTURES.glob("*.yaml"))


@pytest.mark.parametrize("name", RENDERED)
def test_images_are_the_guides_with_the_server_first(name: str) -> None:
    images = FACTS[name]["images"]
    assert image_lines(rendered(name)) == [f'image: "{images["server"]}"', f'image: "{images["workers"]}"']


@pytest.mark.parametrize("name", RENDERED)
def test_pull_policy_comes_from_the_first_place_that_sets_it(name: str) -> None:
    found = {component: each["imagePullPolicy"] for component, each in containers(rendered(name)).items()}
    assert found == FACTS[name]["pullPolicy"]


@pytest.mark.parametrize("name", RENDERED)
def test_pods_name_the_pull_secrets_in_order_or_omit_the_field(name: str) -> None:
    expected = {
        component: [{"name": each} for each in names] or None for component, names in FACTS[name]["pullSecrets"].items()
    }
    found = {component: spec.get("imagePullSecrets") for component, spec in pods(rendered(name)).items()}
    assert found == expected


@pytest.mark.parametrize("name", RENDERED)
def test_pull_secrets_hold_what_kubectl_would_write(name: str) -> None:
    assert pull_secrets(rendered(name)) == FACTS[name]["secrets"]


@pytest.mark.parametrize("name", [name for name in RENDERED if FACTS[name]["secrets"]])
def test_pull_secrets_decode_to_user_and_password(name: str) -> None:
    for content in pull_secrets(rendered(name)).values():
        for entry in json.loads(content)["auths"].values():
            assert b64decode(entry["auth"]).decode() == f"{entry['username']}:{entry['password']}"


@pytest.mark.parametrize("name", RENDERED)
def test_manifests_equal_those_of_real_helm(name: str) -> None:
    golden = GOLDENS / f"{name}.yaml"
    assert rendered(name).encode() == golden.read_bytes()


@pytest.mark.parametrize("helm", OLDER_HELMS)
@pytest.mark.parametrize(
    "name", ["p1-global-registry", "production", "e08-number-as-global-tag", "secrets-registry-twice"]
)
def test_older_helms_give_the_same_objects(name: str, helm: str) -> None:
    assert documents(rendered(name, helm)) == documents(rendered(name))


@pytest.mark.parametrize("name", REFUSED)
def test_bad_values_are_refused_with_their_key(name: str) -> None:
    with pytest.raises(ChartkitError, match=re.escape(FACTS[name]["error"])):
        rendered(name)


@pytest.mark.parametrize(
    ("flag", "key"),
    [
        pytest.param("global.image.pullPolicy=always", "/global/image/pullPolicy", id="unknown-pull-policy"),
        pytest.param(
            "server.image.pullPolicy=Sometimes", "/server/image/pullPolicy", id="unknown-pull-policy-of-server"
        ),
        pytest.param("workers.image.registry=5", "/workers/image/registry", id="number-as-registry"),
        pytest.param("global.image.pullSecrets=a", "/global/image/pullSecrets", id="text-as-list-of-secrets"),
        pytest.param("global.image.pullSecrets[0].nam=a", "/global/image/pullSecrets/0", id="secret-without-name"),
        pytest.param("imageCredentials.password=123", "/imageCredentials/password", id="number-as-password"),
        pytest.param("server.image=nginx", "/server/image", id="text-as-image"),
        pytest.param("workers.replicas=two", "/workers/replicas", id="text-as-count"),
    ],
)
def test_schema_refuses_wrong_types(flag: str, key: str) -> None:
    with pytest.raises(ChartkitError, match=re.escape(f"'{key}'")):
        render(flag)


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (["global.postgres.enabled=true"], "global.postgres.host must be set when global.postgres.external is true"),
        (["global.redis.enabled=true"], "global.redis.host must be set when global.redis.external is true"),
        (
            ["global.vault.enabled=true", "global.vault.workers.enabled=true"],
            "global.vault.workers.role must be set when Vault is enabled for it",
        ),
        (["server.ingress.enabled=true"], "server.ingress.hosts must name a host when server.ingress.enabled is true"),
        (
            ["customImagePullSecrets.enabled=true", "customImagePullSecrets.name="],
            "customImagePullSecrets.name must not be empty",
        ),
    ],
    ids=["postgres", "redis", "vault", "ingress", "pull-secret"],
)
def test_blocks_switched_on_say_what_they_lack(flags: list[str], message: str) -> None:
    with pytest.raises(ChartkitError, match=re.escape(message)):
        render(*flags)


@pytest.mark.parametrize(
    "block",
    [
        "global.postgres",
        "global.redis",
        "global.vault",
        "security",
        "trustStore",
        "imageCredentials",
        "customImagePullSecrets",
        "server.ingress",
    ],
)
def test_block_set_to_null_is_switched_off(block: str) -> None:
    assert documents(render(f"{block}=null")) == documents(rendered("defaults"))


def test_names_come_from_the_release_unless_given() -> None:
    names = {
        each["kind"]: each["metadata"]["name"] for each in documents(render("fullnameOverride=own", "server.name=api"))
    }
    assert names == {"ServiceAccount": "own", "Service": "api", "Deployment": "own-workers"}


def test_workers_reach_the_server_at_its_service() -> None:
    text = render("server.name=api", "server.service.port=80")
    assert environment(text, "workers")["CONDUCTOR_SERVER_URL"] == "http://api:80/api"


def test_own_variables_replace_vaults_and_vaults_replace_those_of_the_blocks() -> None:
    text = render("server.env[0].name=REDIS_PASSWORD", "server.env[0].value=own", files=(FIXTURES / "production.yaml",))
    names = [each["name"] for each in containers(text)["server"]["env"]]
    assert len(names) == len(set(names))
    found = environment(text, "server")
    assert found["REDIS_PASSWORD"] == "own"
    assert found["POSTGRES_PASSWORD"] == "vault:secret/data/conductor/prod/postgres#password"
    assert found["SPRING_DATASOURCE_URL"].endswith(":5432/conductor?sslmode=require")


def test_databases_of_the_same_release_need_no_host() -> None:
    text = render("global.postgres.enabled=true", "global.postgres.external=false")
    assert environment(text, "server")["POSTGRES_HOST"] == "release-name-postgresql"


def test_trust_store_password_stands_in_a_secret_only() -> None:
    text = rendered("trust-store")
    assert "changeit" not in text
    secrets = {each["metadata"]["name"]: each for each in documents(text) if each["kind"] == "Secret"}
    assert secrets["release-name-orkes-conductor-jks-pass"]["data"] == {"password": "Y2hhbmdlaXQ="}


def test_probe_set_to_null_is_left_out() -> None:
    server = containers(render("server.livenessProbe=null"))["server"]
    assert "livenessProbe" not in server
    assert "readinessProbe" in server


def test_snapshot_of_the_image_lines(snapshot: SnapshotAssertion) -> None:
    blocks = ["\n".join([name, *(f"  {line}" for line in image_lines(rendered(name)))]) for name in RENDERED]
    assert "\n".join(blocks) == snapshot


def test_snapshot_of_the_pull_secrets(snapshot: SnapshotAssertion) -> None:
    assert "\n".join(pull_secret_block(name) for name in RENDERED) == snapshot


def pull_secret_block(name: str) -> str:
    lines = [name]
    for component, spec in pods(rendered(name)).items():
        names = [each["name"] for each in spec.get("imagePullSecrets", [])]
        lines.append(f"  {component:<8} {', '.join(names) or '-'}")
    lines += [f"  Secret {secret}: {content}" for secret, content in pull_secrets(rendered(name)).items()]
    return "\n".join(lines)


# What the guide promises of the methods at once: the Secrets that the chart makes, and the names that the pods get.
PRECEDENCE = [
    ("none", [], []),
    ("list", [], ["a"]),
    ("credentials", ["orkesregistry"], ["orkesregistry"]),
    ("list-credentials", ["orkesregistry"], ["a", "orkesregistry"]),
    ("custom", ["several"], ["several"]),
    ("custom-credentials", ["several"], ["several"]),
    ("list-custom", ["several"], ["a", "several"]),
    ("list-custom-credentials", ["several"], ["a", "several"]),
    ("existing", [], ["existing"]),
    ("existing-credentials", [], ["existing"]),
    ("existing-custom", [], ["existing"]),
    ("existing-custom-credentials", [], ["existing"]),
    ("list-existing", [], ["a", "existing"]),
    ("list-existing-credentials", [], ["a", "existing"]),
    ("list-existing-custom", [], ["a", "existing"]),
    ("list-existing-custom-credentials", [], ["a", "existing"]),
]
COMPONENTS = ("server", "workers")


def secrets_and_names(text: str) -> tuple[list[str], dict[str, list[str]]]:
    named = {name: [each["name"] for each in spec.get("imagePullSecrets", [])] for name, spec in pods(text).items()}
    return list(pull_secrets(text)), named


@pytest.mark.parametrize(("name", "secrets", "names"), PRECEDENCE, ids=[row[0] for row in PRECEDENCE])
def test_methods_of_pull_secrets_at_once_follow_the_table(name: str, secrets: list[str], names: list[str]) -> None:
    expected = secrets, dict.fromkeys(COMPONENTS, names)
    golden = GOLDENS / f"secrets-{name}.yaml"
    assert secrets_and_names(rendered(f"secrets-{name}")) == expected
    assert secrets_and_names(golden.read_text(encoding="utf-8")) == expected


def test_snapshot_of_the_table_of_methods(snapshot: SnapshotAssertion) -> None:
    lines = [f"{'active':<34}{'Secrets made':<15}names"]
    for name, _, _ in PRECEDENCE:
        secrets, names = secrets_and_names(rendered(f"secrets-{name}"))
        told = {", ".join(names[component]) or "-" for component in COMPONENTS}
        lines.append(f"{name:<34}{', '.join(secrets) or '-':<15}{' / '.join(sorted(told))}")
    assert "\n".join(lines) == snapshot


@pytest.mark.parametrize(
    ("values", "server", "workers"),
    [
        ("mixed-public-and-private", [], ["my-registry-secret"]),
        ("secrets-component-lists", ["both", "server-only", "last"], ["both", "workers-only", "last"]),
        ("secrets-named-twice", ["b", "a", "c"], ["b", "a"]),
        ("secrets-credentials-disabled", [], []),
        ("secrets-credentials-without-password", [], []),
        ("method-1-global-list", ["my-registry-secret"], ["my-registry-secret"]),
        ("method-2-image-credentials", ["orkesregistry"], ["orkesregistry"]),
        ("method-3-several-registries", ["multi-registry-secret"], ["multi-registry-secret"]),
        ("method-4-existing-secret", ["my-existing-secret"], ["my-existing-secret"]),
        ("production", ["jfrog-prod-creds"], ["jfrog-prod-creds"]),
    ],
)
def test_lists_of_components_and_repeated_names(values: str, server: list[str], workers: list[str]) -> None:
    golden = (GOLDENS / f"{values}.yaml").read_text(encoding="utf-8")
    for text in (rendered(values), golden):
        assert secrets_and_names(text)[1] == {"server": server, "workers": workers}
