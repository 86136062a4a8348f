from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from json import dumps

import pytest

from chartkit.checks.finding import Finding

Lint = Callable[..., tuple[Finding, ...]]


def encode(text: str) -> str:
    return b64encode(text.encode()).decode()


def config(*keys: str, **entry: str) -> str:
    return dumps({"auths": {key: entry or {"auth": encode("u:p")} for key in keys}})


def secret(text: str, kind: str = "kubernetes.io/dockerconfigjson", key: str = ".dockerconfigjson") -> dict[str, str]:
    head = "apiVersion: v1\nkind: Secret\nmetadata: {name: regcred}\n"
    return {"secret.yaml": f"{head}type: {kind}\ndata: {{{key}: {encode(text)}}}\n"}


def found(lint: Lint, rule: str, templates: dict[str, str], values: str = "image: {tag: '1.0'}") -> list[str]:
    return [each.message for each in lint(values, templates) if each.rule == rule]


GOOD = config("https://index.docker.io/v1/", username="u", password="p", auth=encode("u:p"))


@pytest.mark.parametrize(
    ("templates", "fault"),
    [
        (secret(GOOD), ""),
        (secret(config("docker.io", username="u", password="p")), ""),
        (secret(dumps({"docker.io": {"auth": encode("u:p")}}), "kubernetes.io/dockercfg", ".dockercfg"), ""),
        (secret(GOOD, "Opaque"), "its type is Opaque"),
        (secret(GOOD, key="config.json"), "it has no key .dockerconfigjson"),
        (secret('{"auths":{"r":{"password":"a"b"}}}'), "it is not JSON"),
        (secret("{}"), "it has no auths"),
        (secret(config("r", auth=encode("nocolon"))), "auth of r is not the base64 of user:password"),
        (secret(config("r", auth="%%%")), "auth of r is not the base64 of user:password"),
        (secret(config("r", auth=encode("u:p"), password="other")), "auth of r says something else"),
        (secret(config("r", email="x")), "auths of r has no credentials"),
    ],
)
def test_ck123_finds_what_the_kubelet_cannot_use(lint: Lint, templates: dict[str, str], fault: str) -> None:
    messages = found(lint, "CK123", templates)
    assert len(messages) == bool(fault)
    assert all(fault in message for message in messages)


@pytest.mark.parametrize(
    ("key", "is_useless"),
    [
        ("https://r.example.com/v1", True),
        ("r.example.com:5000", True),
        ("*.r.example.com", True),
        ("*.example.com", False),
        ("r.example.com", False),
    ],
)
def test_ck124_finds_keys_that_can_match_no_image(lint: Lint, key: str, is_useless: bool) -> None:
    messages = found(lint, "CK124", secret(config(key)), "image: {registry: r.example.com}")
    assert bool(messages) is is_useless


ECR = "123456789012.dkr.ecr.us-east-1.amazonaws.com"


@pytest.mark.parametrize(
    ("text", "expires"),
    [
        (config(ECR, auth=encode("AWS:x")), True),
        (config("team.azurecr.io", auth=encode("00000000-0000-0000-0000-000000000000:x")), True),
        (config("gcr.io", username="oauth2accesstoken", password="x"), True),
        (config("gcr.io", username="_json_key", password="x"), False),
        (config("quay.io"), False),
        (config("registry.cn-hangzhou.aliyuncs.com", username="cr_temp_user", password="x"), True),
        (config("registry.gitlab.com", username="gitlab-ci-token", password="x"), True),
    ],
    ids=["ecr", "acr token", "gcp token", "gcp key", "quay", "alibaba token", "gitlab job"],
)
def test_ck126_knows_credentials_that_expire(lint: Lint, text: str, expires: bool) -> None:
    assert bool(found(lint, "CK126", secret(text))) is expires


def test_findings_about_rendered_secrets_name_the_template(lint: Lint) -> None:
    (finding,) = [each for each in lint("image: {tag: '1.0'}", secret("{}")) if each.rule == "CK123"]
    assert finding.location == "app/templates/secret.yaml:5:27"


RENDERED = """\
apiVersion: v1
kind: Secret
metadata: {name: regcred}
type: kubernetes.io/dockerconfigjson
data:
  {{- with .Values }}
  .dockerconfigjson: {{ printf `{"auths":{"%s":{"username":"%s","password":"%s"}}}` .host .user .pass | b64enc }}
  {{- end }}
"""


@pytest.mark.parametrize(
    ("values", "rule", "location", "key"),
    [
        ("host: r.example.com\nuser: u\npass: 'a\"b'\n", "CK123", "user.yaml:3:7", "pass"),
        ("host: r.example.com/v1\nuser: u\npass: p\n", "CK124", "user.yaml:1:7", "host"),
        (f"user: AWS\npass: p\nhost: {ECR}\n", "CK126", "user.yaml:3:7", "host"),
    ],
)
def test_findings_about_rendered_secrets_name_the_value(
    lint: Lint, values: str, rule: str, location: str, key: str
) -> None:
    findings = lint(f"{values}image: {{registry: r.example.com}}\n", {"secret.yaml": RENDERED})
    (finding,) = [each for each in findings if each.rule == rule]
    assert (finding.location, finding.key) == (location, key)


def test_a_type_that_is_wrong_is_shown_where_it_stands(lint: Lint) -> None:
    (finding,) = [each for each in lint("image: {tag: '1.0'}", secret(GOOD, "Opaque")) if each.rule == "CK123"]
    assert finding.location == "app/templates/secret.yaml:4:7"
