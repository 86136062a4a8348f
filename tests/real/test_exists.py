from __future__ import annotations

import json
from pathlib import Path

import pytest
from images import write_layout

from chartkit.cli.app import main

pytestmark = pytest.mark.real


@pytest.fixture
def exists(tmp_path, monkeypatch, capfd):
    """Runs `chartkit exists`; gives the exit code and both outputs."""
    for name in ("DOCKER_AUTH_CONFIG", "REGISTRY_AUTH_FILE", "XDG_RUNTIME_DIR", "XDG_CONFIG_HOME", "DOCKER_CONFIG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)

    def run(*arguments):
        code = main(["exists", *map(str, arguments)])
        return code, *capfd.readouterr()

    return run


@pytest.fixture
def chart(tmp_path):
    """A chart with the images of `--set images={...}`."""
    files = {
        "Chart.yaml": "apiVersion: v2\nname: c\nversion: 0.1.0\n",
        "values.yaml": "images: []\n",
        "templates/pods.yaml": _PODS,
    }
    for name, text in files.items():
        path = tmp_path / "c" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path / "c"


_PODS = """\
{{- range $index, $image := .Values.images }}
---
apiVersion: v1
kind: Pod
metadata: {name: "pod-{{ $index }}"}
spec: {containers: [{name: app, image: {{ $image | quote }}}]}
{{- end }}
"""


def logins(folder: Path, *registries, **passwords):
    auths = {each.host: {"username": each.username, "password": each.password} for each in registries}
    (folder / "config.json").write_text(json.dumps({"auths": auths | passwords}))
    return folder / "config.json"


def test_all_images_of_a_chart_are_there(exists, chart, open_registry, push_image, image_layout):
    app = push_image(image_layout, open_registry, "team/app:1.0")
    code, out, err = exists(chart, "--set", f"images={{{app},{app}@{image_layout.digest}}}")
    assert (code, err) == (0, "")
    assert out == (
        f"{app}{' ' * 72}  found  {image_layout.digest}  linux/amd64 linux/arm64\n"
        f"{app}@{image_layout.digest}  found  {image_layout.digest}  linux/amd64 linux/arm64\n"
    )


def test_answers_are_told_apart_and_the_worst_gives_the_exit_code(
    exists, chart, open_registry, password_registry, tls_registry, push_image, image_layout, tmp_path
):
    app = push_image(image_layout, open_registry, "team/app:1.0")
    config = logins(tmp_path, **{password_registry.host: {"username": "user", "password": "not-it"}})
    images = [
        app,
        f"{open_registry.host}/team/app:2.0",
        f"{open_registry.host}/team/none:1.0",
        f"{password_registry.host}/team/app:1.0",
        f"{tls_registry.host}/team/app:1.0",
        "127.0.0.1:1/team/app:1.0",
        "Upper/Case",
    ]
    words = ["--set", f"images={{{','.join(images)}}}", "--docker-config", config, "--format", "json"]
    code, out, err = exists(chart, *words, "--retries", "0")
    assert code == 3
    assert [(row["image"], row["answer"]) for row in json.loads(out)["images"]] == list(
        zip(
            images,
            [
                "found",
                "unknown-image",
                "unknown-repository",
                "wrong-password",
                "unreachable",
                "unreachable",
                "invalid",
            ],
            strict=True,
        )
    )
    assert "not-it" not in out + err
    assert "hint: --ca-file names the certificate of your own authority; --insecure checks none\n" in err


@pytest.mark.parametrize(
    ("name", "code", "answer"),
    [("team/app:9.9", 1, "unknown-image"), ("team/gone:1", 1, "unknown-repository")],
)
def test_missing_image_alone_is_a_finding(name, code, answer, exists, open_registry, push_image, image_layout):
    push_image(image_layout, open_registry, "team/app:1.0")
    result, out, _ = exists("--image", f"{open_registry.host}/{name}", "--format", "csv")
    assert result == code
    assert out.splitlines()[1].split(",")[2] == answer


def test_platform_that_is_missing_is_a_finding(exists, open_registry, push_image, image_layout):
    app = push_image(image_layout, open_registry, "team/app:1.0")
    assert exists("--image", app, "--platform", "linux/arm64,x86_64")[0] == 0
    code, out, _ = exists("--image", app, "--platform", "linux/arm64,linux/s390x,windows/amd64", "--format", "json")
    row = json.loads(out)["images"][0]
    assert (code, row["answer"]) == (1, "platform-missing")
    assert row["missing_platforms"] == ["linux/s390x", "windows/amd64"]
    assert row["reason"] == "not for linux/s390x, windows/amd64"


def test_single_image_counts_with_its_own_platform(exists, open_registry, push_image, tmp_path):
    app = push_image(write_layout(tmp_path / "one", ["linux/arm64"]), open_registry, "team/arm:1.0")
    assert exists("--image", app, "--platform", "linux/arm64/v8")[0] == 0
    assert exists("--image", app, "--platform", "linux/amd64")[0] == 1


def test_digest_alone_takes_one_request(exists, faulty, open_registry, push_image, image_layout):
    server = faulty(open_registry)
    push_image(image_layout, open_registry, "team/app:1.0")
    code, out, _ = exists("--image", f"{server.host}/team/app:1.0", "--head-only")
    assert (code, out.split()[1:]) == (0, ["found", image_layout.digest])
    assert [each for each in server.seen if "manifests" in each] == ["HEAD /v2/team/app/manifests/1.0"]


@pytest.mark.parametrize("kind", ["password", "tls", "token"])
def test_logins_come_from_a_credential_helper(kind, request, exists, push_image, image_layout, tmp_path, monkeypatch):
    registry = request.getfixturevalue(f"{kind}_registry")
    app = push_image(image_layout, registry, "private/app:1.0")
    secret = json.dumps({"ServerURL": registry.host, "Username": registry.username, "Secret": registry.password})
    helper = tmp_path / "docker-credential-made"
    helper.write_text(f"#!/bin/sh\nread server\necho $1 $server >> {tmp_path}/asked\necho '{secret}'\n")
    helper.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    (tmp_path / "config.json").write_text(json.dumps({"credHelpers": {registry.host: "made"}}))
    code, out, err = exists("--image", app, "--docker-config", tmp_path, "--ca-file", registry.ca_file or "")
    assert (code, out.split()[1]) == (0, "found"), err
    assert (tmp_path / "asked").read_text() == f"get {registry.host}\n", "asked once, whatever the requests"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--platform", "a/b/c/d"], "'a/b/c/d' is no platform"),
        (["--jobs", "0"], "--jobs must be at least 1"),
        (["--retries", "-1"], "--retries must be at least 0"),
        (["--format", "xml"], 'unknown format "xml"'),
        (["--ca-file", "no-such.pem"], "cannot use the certificates of no-such.pem: No such file or directory"),
        (["--docker-config", "no-such"], "there is no file no-such"),
    ],
    ids=["platform", "jobs", "retries", "format", "ca-file", "docker-config"],
)
def test_bad_words_are_refused_before_anyone_is_asked(words, said, exists):
    code, out, err = exists("--image", "127.0.0.1:1/a:1", *words)
    assert (code, out) == (2, "")
    assert f"Error: {said}" in err
