from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable

import pytest

from chartkit.checks.finding import Finding, Severity

Lint = Callable[..., tuple[Finding, ...]]
Ids = Callable[..., list[str]]

ACCOUNT = "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: default}\nimagePullSecrets: [{name: regcred}]\n"
PRIVATE = "image: {registry: r.example.com}\n"
NAMED = f"{PRIVATE}pullSecrets: [{{name: regcred}}]\n"
NO_SECRETS = "image: {registry: '', repository: acme/app, tag: 1.2.3, pullPolicy: IfNotPresent}\nglobal: {}\n"


def secret(key: str) -> dict[str, str]:
    auth = b64encode(b"u:p").decode()
    data = b64encode(f'{{"auths":{{"{key}":{{"auth":"{auth}"}}}}}}'.encode()).decode()
    text = (
        "apiVersion: v1\nkind: Secret\nmetadata: {name: regcred}\n"
        f"type: kubernetes.io/dockerconfigjson\ndata: {{.dockerconfigjson: {data}}}\n"
    )
    return {"secret.yaml": text}


@pytest.mark.parametrize(
    ("values", "templates", "severity"),
    [
        (NAMED, secret("https://index.docker.io/v1/"), Severity.ERROR),
        (NAMED, secret("r.example.com"), None),
        (NAMED, {}, None),
        (PRIVATE, {}, Severity.WARNING),
        (PRIVATE, {"sa.yaml": ACCOUNT, **secret("r.example.com")}, None),
        (PRIVATE, {"sa.yaml": ACCOUNT, **secret("quay.io")}, Severity.ERROR),
        ("image: {registry: quay.io/acme}", {}, None),
        ("image: {registry: registry.k8s.io}", {}, None),
    ],
    ids=["other registry", "covered", "elsewhere", "none", "account", "account for others", "perhaps public", "public"],
)
def test_ck120_wants_credentials_for_private_images(
    lint: Lint, values: str, templates: dict[str, str], severity: Severity | None
) -> None:
    found = [each.severity for each in lint(values, templates) if each.rule == "CK120"]
    assert found == ([severity] if severity else [])


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ("existingImagePullSecret: a\nimageCredentials: {username: u, password: p}\n", True),
        ("existingImagePullSecret: a\nglobal: {image: {pullSecrets: [b]}}\n", True),
        ("existingImagePullSecret: a\nimageCredentials: {enabled: false, username: u, password: p}\n", False),
        ("global: {image: {pullSecrets: [b]}}\nimage: {pullSecrets: [c]}\n", False),
    ],
)
def test_ck121_finds_ways_that_rival(ids: Ids, values: str, found: bool) -> None:
    assert ("CK121" in ids(values)) is found


def test_ck120_takes_the_registry_that_a_chart_names_for_public(ids: Ids) -> None:
    defaults = (
        "image: {registry: r.example.com, repository: acme/app, tag: 1.2.3, pullPolicy: IfNotPresent}\nglobal: {}\n"
    )
    more = "pullSecrets: []\n"
    assert "CK120" not in ids("image: {tag: '2.0'}", defaults=defaults + more)
    assert "CK120" in ids(defaults=defaults + more)


def test_ck121_names_what_the_pods_use(lint: Lint) -> None:
    values = "existingImagePullSecret: a\ncustomImagePullSecrets: {enabled: true}\npullSecrets: [{name: used}]\n"
    (finding,) = [each for each in lint(values) if each.rule == "CK121"]
    assert finding.message == (
        "several ways to pull secrets are set: existingImagePullSecret, customImagePullSecrets; the pods name used"
    )


@pytest.mark.parametrize(
    ("values", "defaults", "found"),
    [
        (PRIVATE, NO_SECRETS, True),
        (PRIVATE, f"{NO_SECRETS}imagePullSecrets: []\n", False),
        ("image: {tag: '2.0'}", NO_SECRETS, False),
    ],
    ids=["no way", "a way", "public"],
)
def test_ck125_finds_charts_without_a_way(ids: Ids, values: str, defaults: str, found: bool) -> None:
    assert ("CK125" in ids(values, defaults=defaults)) is found


@pytest.mark.parametrize(
    ("values", "templates", "found"),
    [
        ("image: {tag: '2.0'}", {}, True),
        ("pullSecrets: [{name: regcred}]", secret("r.example.com"), True),
        ("pullSecrets: [{name: regcred}]", secret("https://index.docker.io/v1/"), False),
        ("pullSecrets: [{name: regcred}]", {}, False),
        (PRIVATE, {}, False),
    ],
    ids=["anonymous", "for others", "covered", "elsewhere", "mirror"],
)
def test_ck127_finds_anonymous_pulls_from_docker_hub(
    ids: Ids, values: str, templates: dict[str, str], found: bool
) -> None:
    assert ("CK127" in ids(values, templates)) is found


@pytest.mark.parametrize(("enabled", "found"), [("true", True), ("false", False)])
def test_ck128_tells_what_a_trust_store_is_not_for(ids: Ids, enabled: str, found: bool) -> None:
    assert ("CK128" in ids(f"trustStore: {{enabled: {enabled}}}")) is found


@pytest.mark.parametrize(
    ("rule", "values", "defaults", "location", "key"),
    [
        ("CK120", "image:\n  registry: r.example.com\n", "", "user.yaml:2:13", "image.registry"),
        ("CK120", "image:\n  repository: r.example.com/a\n", "", "user.yaml:2:15", "image.repository"),
        (
            "CK121",
            "image: {tag: '2'}\nexistingImagePullSecret: a\ncustomImagePullSecrets: {enabled: true}\n",
            "",
            "user.yaml:2:26",
            "existingImagePullSecret",
        ),
        ("CK125", "image:\n  registry: r.example.com\n", NO_SECRETS, "user.yaml:2:13", "image.registry"),
        ("CK127", "image:\n  repository: acme/other\n", "", "user.yaml:2:15", "image.registry"),
    ],
)
def test_findings_stand_at_the_values_to_change(
    lint: Lint, rule: str, values: str, defaults: str, location: str, key: str
) -> None:
    more = {"defaults": defaults} if defaults else {}
    (finding,) = [each for each in lint(values, **more) if each.rule == rule]
    assert (finding.location, finding.key) == (location, key)


def test_ck120_stands_in_the_template_where_no_value_is_to_blame(lint: Lint) -> None:
    pod = (
        "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  imagePullSecrets:\n  - name: regcred\n"
        "  containers:\n  - name: c\n    image: r.example.com/a:1\n"
    )
    templates = {"pod.yaml": pod, **secret("quay.io")}
    (finding,) = [each for each in lint("image: {tag: '2'}", templates) if each.rule == "CK120"]
    assert finding.location == "app/templates/pod.yaml:9:12"


def test_ck120_says_which_list_does_not_reach_the_pod(lint: Lint) -> None:
    values = f"{NAMED}global: {{image: {{pullSecrets: [mine]}}}}\n"
    (finding,) = [each for each in lint(values, secret("quay.io")) if each.rule == "CK120"]
    assert finding.fix.startswith("global.image.pullSecrets (mine) does not reach the pod")


def test_ck120_says_why_an_image_is_likely_to_need_credentials(lint: Lint) -> None:
    (finding,) = [each for each in lint(PRIVATE) if each.rule == "CK120"]
    assert finding.message == (
        "r.example.com/acme/app:1.2.3 is not on a public registry, and its pod names no pull secret, "
        "and neither does its service account default"
    )


def test_ck125_knows_credentials_of_the_chart_for_a_way(ids: Ids) -> None:
    assert "CK125" not in ids(PRIVATE, defaults=f"{NO_SECRETS}imageCredentials: {{}}\n")


def test_ck121_counts_no_list_that_is_empty(ids: Ids) -> None:
    values = "existingImagePullSecret: a\nglobal: {image: {pullSecrets: []}}\n"
    assert "CK121" not in ids(values)


def test_ck127_names_every_image_once(lint: Lint) -> None:
    pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [{name: c, image: acme/other:1}]}\n"
    (finding,) = [each for each in lint("image: {tag: '2'}", {"pod.yaml": pod, "q.yaml": pod}) if each.rule == "CK127"]
    first, _, rest = finding.message.partition(": ")
    assert first == "pulled from Docker Hub without credentials"
    assert sorted(rest.split(", ")) == ["acme/app:2", "acme/other:1"]
