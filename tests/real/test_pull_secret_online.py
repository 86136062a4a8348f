"""`chartkit pull-secret verify --online` against real registries: the Secret that the chart renders logs in."""

from __future__ import annotations

import json
from base64 import b64encode
from pathlib import Path

import pytest

from chartkit.cli.app import main

pytestmark = pytest.mark.real

CHART = {
    "Chart.yaml": "apiVersion: v2\nname: online\nversion: 0.1.0\n",
    "values.yaml": "image: ''\nserver: ''\nusername: ''\npassword: ''\n",
    "templates/all.yaml": """\
apiVersion: v1
kind: Secret
metadata: {name: regcred}
type: kubernetes.io/dockerconfigjson
stringData:
  .dockerconfigjson: |
    {{- with .Values }}
    {"auths":{ {{- toJson .server }}:{"username":{{ toJson .username }},"password":{{ toJson .password }}}}}
    {{- end }}
---
apiVersion: v1
kind: Pod
metadata: {name: p}
spec:
  imagePullSecrets: [{name: regcred}]
  containers: [{name: c, image: {{ .Values.image }}}]
""",
}  # fmt: skip


@pytest.fixture
def verify(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]):
    """Runs the command on a chart with one image and one Secret; gives the exit code, the report and all the output."""
    for name, text in CHART.items():
        path = tmp_path / "c" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)

    def run(image: str, *flags: object, server: str = "", username: str = "", password: str = ""):
        server = server or image.partition("/")[0]
        lines = {"image": image, "server": server, "username": username, "password": password}
        (tmp_path / "v.yaml").write_text("".join(f"{key}: {json.dumps(value)}\n" for key, value in lines.items()))
        code = main(["pull-secret", "verify", "c", "v.yaml", "--online", "--retries", "0", *map(str, flags)])
        text, error = capfd.readouterr()
        assert not password or password not in text + error
        main(["pull-secret", "verify", "c", "v.yaml", "--online", "--retries", "0", *map(str, flags), "--format=json"])
        return code, json.loads(capfd.readouterr().out), text

    return run


def login(registry) -> dict[str, str]:
    return {"username": registry.username, "password": registry.password}


def found(report) -> list[tuple[str, str]]:
    return [(each["rule"], f"{each['file']}:{each['line']}") for each in report["findings"] if each["rule"] >= "CK130"]


@pytest.mark.parametrize("kind", ["password", "tls", "token"])
def test_the_rendered_secret_reads_the_manifest(kind, request, verify, push_image, image_layout):
    registry = request.getfixturevalue(f"{kind}_registry")
    image = push_image(image_layout, registry, "private/app:1.0")
    flags = ["--ca-file", registry.ca_file] if registry.ca_file else []
    code, report, text = verify(image, *flags, **login(registry))
    assert code == 0, text
    assert report["pulls"][0]["answer"] == "found"
    assert report["pulls"][0]["digest"] == image_layout.digest
    assert "1 covered; 1/1 found in their registries" in text


@pytest.mark.parametrize("kind", ["password", "token"])
def test_a_wrong_password_is_a_finding_at_the_password(kind, request, verify, push_image, image_layout):
    registry = request.getfixturevalue(f"{kind}_registry")
    image = push_image(image_layout, registry, "private/app:1.0")
    code, report, text = verify(image, username=registry.username, password="not-the-pass-word")
    assert code == 1
    assert report["pulls"][0]["answer"] == "wrong-password"
    assert found(report) == [("CK130", "v.yaml:4")]
    assert f"the registry refuses user {registry.username} with this password" in text
    assert f"(asked with regcred, auths of {registry.host})" in text


def test_an_expired_token_is_a_finding_of_its_own(password_registry, identity, verify, push_image, image_layout):
    image = push_image(image_layout, password_registry, "private/app:1.0")
    token = identity.token({"sub": "x", "exp": 1_700_000_000})
    code, report, text = verify(image, username="oauth2accesstoken", password=token)
    assert code == 1
    assert report["pulls"][0]["answer"] == "expired-token"
    assert found(report) == [("CK131", "v.yaml:4")]
    assert "expired" in text


@pytest.mark.parametrize(
    ("name", "answer"), [("private/app:none", "unknown-image"), ("private/none:1.0", "unknown-repository")]
)
def test_an_unknown_image_is_a_finding_at_the_image(name, answer, password_registry, verify, push_image, image_layout):
    push_image(image_layout, password_registry, "private/app:1.0")
    code, report, _ = verify(f"{password_registry.host}/{name}", **login(password_registry))
    assert code == 1
    assert report["pulls"][0]["answer"] == answer
    assert found(report) == [("CK133", "v.yaml:1")]


@pytest.mark.parametrize(("host", "words"), [("127.0.0.1:1", "connection refused"), ("r.invalid", "no such host")])
def test_an_unreachable_host_is_no_finding_but_a_failure(host, words, verify):
    code, report, text = verify(f"{host}/private/app:1.0", username="u", password="secret-word")
    assert code == 3
    assert report["exitCode"] == 3
    assert report["pulls"][0]["answer"] == "unreachable"
    assert found(report) == [("CK134", "v.yaml:1")]
    assert words in text


def test_a_certificate_that_is_not_trusted_needs_a_flag(tls_registry, verify, push_image, image_layout):
    image = push_image(image_layout, tls_registry, "private/app:1.0")
    code, _, text = verify(image, **login(tls_registry))
    assert code == 3
    assert "the certificate is not trusted" in text
    assert "--ca-file" in text
    assert verify(image, "--insecure", **login(tls_registry))[0] == 0


def test_an_image_that_is_public_is_asked_for_without_a_login(open_registry, verify, push_image, image_layout):
    image = push_image(image_layout, open_registry, "team/app:1.0")
    flags = ["--public", open_registry.host]
    code, report, _ = verify(image, *flags, server="other.example.com", username="u", password="secret-word")
    assert code == 0
    assert (report["pulls"][0]["verdict"], report["pulls"][0]["answer"]) == ("public", "found")


def test_an_image_that_is_not_public_after_all_wants_a_login(token_registry, verify, push_image, image_layout):
    image = push_image(image_layout, token_registry, "private/app:1.0")
    flags = ["--public", token_registry.host]
    code, report, _ = verify(image, *flags, server="other.example.com", username="u", password="secret-word")
    assert code == 1
    assert (report["pulls"][0]["answer"], found(report)) == ("login-needed", [("CK130", "v.yaml:1")])


def test_an_uncovered_image_is_not_asked_for(password_registry, verify):
    code, report, _ = verify(f"{password_registry.host}/a:1", server="other.example.com", username="u", password="p1")
    assert code == 1
    assert (report["pulls"][0]["verdict"], report["pulls"][0]["answer"]) == ("uncovered", "")


def test_every_credential_that_fits_is_tried(password_registry, verify, push_image, image_layout):
    image = push_image(image_layout, password_registry, "private/app:1.0")
    host, good = password_registry.host, b64encode(b"user:pass:word").decode()
    bad = b64encode(b"user:no").decode()
    config = json.dumps({"auths": {f"{host}/private": {"auth": bad}, host: {"auth": good}}})
    Path("config.json").write_text(config)
    Path("c/templates/all.yaml").write_text(CHART["templates/all.yaml"].partition("---\n")[2])
    assert verify(image, "--secret", "config.json")[0] == 0
    Path("config.json").write_text(config.replace(good, bad))
    code, report, text = verify(image, "--secret", "regcred=config.json")
    assert (code, report["pulls"][0]["answer"]) == (1, "wrong-password")
    assert found(report) == [("CK130", "config.json:1")]
    assert f"(asked with regcred, auths of {host}/private)" in text
