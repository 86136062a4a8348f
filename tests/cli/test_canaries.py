"""Passwords that are planted wherever a command could meet one, and looked for in all that comes out.

What the manifests are the purpose of (`render`, `template`, `pull-secret render`) may show passwords on standard output,
and a bundle has the values files; nothing else may, and nothing at all on standard error.
"""

# ruff: noqa: E501 - the lines are inputs, which are best seen whole

from __future__ import annotations

import json
import os
import re
import threading
from base64 import b64encode
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from chartkit.cli import commands
from chartkit.cli.app import main
from chartkit.cli.command import Command, Group

CANARIES = {
    name: f"cnry{name}9x7"
    for name in ("values", "flag", "secret", "docker", "env", "helper", "repository", "default", "json", "flag2")
}
ENCODED = [b64encode(f"{user}:{each}".encode()).decode()[4:-4] for user in ("u", "user") for each in CANARIES.values()]
LEAK = re.compile("|".join([*CANARIES.values(), *map(re.escape, ENCODED)]))

Run = Callable[..., tuple[int, str, str]]

CONFIG = json.dumps(
    {"auths": {"HOST": {"username": "u", "password": CANARIES["docker"]}}, "credHelpers": {"h.io": "spy"}}
)
FILES = {
    "c/Chart.yaml": "apiVersion: v2\nname: c\nversion: 1.0.0\n",
    "c/values.yaml": f"image: HOST/team/app:1.0\ndb: {{password: {CANARIES['default']}}}\n",
    "c/templates/pod.yaml": """\
{{- if hasPrefix "bad" (toString .Values.fail) }}{{ fail "the chart refuses" }}{{ end }}
apiVersion: v1
kind: Pod
metadata: {name: p}
spec:
  imagePullSecrets: [{name: s}]
  containers:
  - name: a
    image: {{ .Values.image }}
    env: [{name: DB_PASSWORD, value: {{ .Values.db.password | quote }}}]
""",
    "c/templates/s.yaml": """\
apiVersion: v1
kind: Secret
metadata: {name: s}
type: kubernetes.io/dockerconfigjson
stringData:
  .dockerconfigjson: '{"auths": {"HOST": {"username": "u", "password": "{{ .Values.db.password }}"}}}'
""",
    "v.yaml": f"db:\n  password: {CANARIES['values']}\n",
    "fails.yaml": f"fail: bad\ndb:\n  password: {CANARIES['values']}\n",
    "broken.yaml": f"db:\n  password: \"{CANARIES['values']}\n",
    "odd.yaml": f"db: {{password: *{CANARIES['values']}}}\n",
    "list.yaml": f"- password: {CANARIES['values']}\n",
    "config.json": CONFIG,
    "broken.json": CONFIG[:-4] + "}",
    "secret.yaml": "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\ntype: kubernetes.io/dockerconfigjson\nstringData:\n"
    f"  .dockerconfigjson: '{{\"auths\": {{\"HOST\": {{\"username\": \"u\", \"password\": \"{CANARIES['secret']}\"}}}}}}'\n",
    "repositories.yaml": "apiVersion: v1\nrepositories:\n- {name: r, url: 'http://HOST', username: user, password: "
    f"{CANARIES['repository']}}}\n",
    "needs/Chart.yaml": "apiVersion: v2\nname: needs\nversion: 1.0.0\ndependencies:\n"
    "- {name: x, version: 1.0.0, repository: 'http://HOST'}\n",
    "pod.yaml": "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  containers:\n  - name: a\n"
    f"    image: quay.io/a/b:1\n    env: [{{name: PASSWORD, value: {CANARIES['values']}}}]\n",
    "task.json": '{"name": "t", "image": "quay.io/a/b:1", "taskTemplate": "x", "inputs": [], "outputs": [], "env": '
    f'[{{"name": "PASSWORD", "value": "{CANARIES["values"]}"}}], "config": {{"registryPassword": "{CANARIES["values"]}"}}}}',
    "devfile.yaml": "schemaVersion: 2.2.0\nmetadata: {name: d}\ncomponents:\n- name: a\n  container:\n    image: quay.io/a/b:1\n"
    f"    env: [{{name: PASSWORD, value: {CANARIES['values']}}}]\n",
    "drycc.yaml": f"global: {{registryLocation: off-cluster}}\nregistry: {{password: {CANARIES['values']}, host: h.io}}\n",
}  # fmt: skip
SET = f"--set=db.password={CANARIES['flag']}"
USUAL = [
    ("images", "--chart=c", "v.yaml", SET),
    ("images", "--chart=c", "v.yaml", "--format=json"),
    ("images", "pod.yaml"),
    ("verify-images", "--chart=c", "v.yaml", SET, "--expect=x.io"),
    ("verify-images", "--chart=c", "v.yaml", SET, "--expect=x.io", "--format=sarif"),
    ("explain", "--chart=c", "v.yaml", SET),
    ("explain", "--chart=c", "v.yaml", "--key=image", "--format=json"),
    ("lint", "--chart=c", "v.yaml", SET),
    ("lint", "--chart=c", "v.yaml", "--format=json"),
    ("lint", "--chart=c", "v.yaml", "--format=junit"),
    ("diff", "v.yaml", "c/values.yaml", "--chart=c"),
    ("relocate", "--chart=c", "v.yaml", "--to=m.io"),
    ("relocate", "--chart=c", "v.yaml", "--to=m.io", "-o", "out/override.yaml"),
    ("mirror", "--chart=c", "v.yaml", "--to=m.io", "--plan=skopeo"),
    ("mirror", "--chart=c", "v.yaml", "--to=HOST/m", "--docker-config=config.json", "--retries=0"),
    ("lock", "--chart=c", "v.yaml", "--docker-config=config.json", "--retries=0", "-o", "out/images.lock"),
    ("exists", "--chart=c", "v.yaml", "--docker-config=config.json", "--retries=0"),
    ("bundle", "--chart=c", "v.yaml", "--docker-config=config.json", "--retries=0", "-o", "out/b.tar"),
    ("pull-secret", "verify", "--chart=c", "v.yaml", SET, "--secret=secret.yaml"),
    ("pull-secret", "verify", "--chart=c", "v.yaml", "--online", "--retries=0"),
    ("pull-secret", "inspect", "secret.yaml"),
    ("pull-secret", "inspect", "config.json", "--format=json"),
    ("pull-secret", "list", "--chart=c", "v.yaml", SET),
    ("pull-secret", "list", "--chart=c", "v.yaml", "--rendered", "--format=json"),
    ("registries", "--chart=c", "v.yaml", "--docker-config=config.json"),
    ("edit", "set", "db.password", CANARIES["flag2"], "out.yaml"),
    ("dependency", "list", "c"),
    ("dependency", "update", "needs", "--repository-config=repositories.yaml", "--retries=0"),
    ("package", "c", "--destination=out"),
    ("images", "--chart=x", "--repo=http://HOST", "--repository-config=repositories.yaml", "--retries=0"),
    ("task", "show", "task.json"),
    ("task", "validate", "task.json"),
    ("devfile", "images", "devfile.yaml"),
    ("devfile", "check", "devfile.yaml"),
    ("drycc", "check", "drycc.yaml"),
    ("drycc", "plan", "drycc.yaml"),
    ("report", "--chart=c", "v.yaml", SET, "-o", "out/report.html"),
    ("report", "--chart=c", "v.yaml", "-o", "out/report.md"),
    ("doctor",),
    ("cache", "info"),
    ("rule", "CK101"),
    ("init",),
]  # fmt: skip
FAILING = [
    *(
        (*command, *values)
        for command in (
            ("images",), ("verify-images", "--expect=x.io"), ("explain",), ("lint",), ("relocate", "--to=m.io"),
            ("lock", "--retries=0"), ("exists", "--retries=0"), ("pull-secret", "verify"), ("registries",), ("report",),
        )
        for values in (
            ("--chart=c", "fails.yaml", SET), ("--chart=c", "broken.yaml"), ("--chart=c", "odd.yaml"),
            ("--chart=c", "list.yaml"),
            ("--chart=c", f"--set-json=db={{\"password\":\"{CANARIES['json']}\""),
            ("--chart=c", f"--set=db.password={CANARIES['flag']},x"),
            ("--chart=c", f"--set=db[.password={CANARIES['flag']}"),
            ("--chart=nowhere", SET),
        )
    ),
    ("images", "--chart=c", SET, "--no-such-flag"),
    ("pull-secret", "inspect", "broken.json"),
    ("exists", "--chart=c", "--docker-config=broken.json"),
    ("exists", "h.io/a/b:1", "--docker-config=config.json", "--retries=0"),
    ("render", "--chart=c", "fails.yaml", SET),
    ("render", "--chart=c", "broken.yaml"),
    ("render", "--chart=c", f"--set-json=db={{\"password\":\"{CANARIES['json']}\""),
    ("template", "r", "c", "-f", "broken.yaml"),
    ("template", "r", "x", "--repo", "http://HOST", "--username", "u", f"--password={CANARIES['flag2']}"),
    ("edit", "set", "db.password", CANARIES["flag2"], "broken.yaml"),
    ("edit", "set", "db[x.password", CANARIES["flag2"], "v.yaml"),
    ("drycc", "check", "broken.yaml"),
    ("task", "validate", "broken.json"),
    ("devfile", "check", "broken.yaml"),
    ("unbundle", "v.yaml", "--to=m.io"),
]  # fmt: skip
PURPOSE = {"render", "template"}
"""The commands whose standard output is the manifests."""


class _Echo(BaseHTTPRequestHandler):
    """A server that refuses everyone, and says back what it was told."""

    def do_GET(self) -> None:
        said = self.headers.get("Authorization", "")
        body = json.dumps({"errors": [{"code": "UNAUTHORIZED", "message": f"bad login {said}"}]}).encode()
        self.send_response(401)
        self.send_header("WWW-Authenticate", 'Basic realm="r"')
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    do_HEAD = do_POST = do_PUT = do_GET  # noqa: N815

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def host() -> Iterator[str]:
    """The server's host and port."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Echo) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield f"127.0.0.1:{server.server_address[1]}"
        server.shutdown()


@pytest.fixture
def folder(tmp_path: Path, host: str) -> Path:
    """A folder with a password in every file."""
    root = tmp_path / "work"
    for name, text in {**FILES, "out.yaml": "db: {password: x}\n"}.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.replace("HOST", host))
    (root / "out").mkdir()
    helper = tmp_path / "bin" / "docker-credential-spy"
    helper.parent.mkdir()
    helper.write_text(f"#!/bin/sh\necho 'no {CANARIES['helper']}'\necho '{CANARIES['helper']}' >&2\nexit 1\n")
    helper.chmod(0o755)
    return root


@pytest.fixture
def run(folder: Path, host: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    """Runs a command in the folder; gives its exit code and both streams."""
    home = folder.parent / "home"
    (home / "tmp").mkdir(parents=True)
    monkeypatch.chdir(folder)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("XDG_CACHE_HOME", str(home / "cache"))
    monkeypatch.setenv("CHARTKIT_CACHE", str(home / "cache" / "chartkit"))
    monkeypatch.setenv("PATH", f"{folder.parent / 'bin'}:{os.environ['PATH']}")
    monkeypatch.setenv("REGISTRY_PASSWORD", CANARIES["env"])
    monkeypatch.setattr("tempfile.tempdir", str(home / "tmp"))

    def command(*words: str) -> tuple[int, str, str]:
        code = main([word.replace("HOST", host) for word in words])
        out, err = capfd.readouterr()
        return code, out, err

    return command


def _named(words: tuple[str, ...]) -> str:
    return "-".join(re.sub(r"[^\w.=]+|cnry\w+", "_", word) for word in words)


def _check_files(folder: Path) -> None:
    for name, text in _written(folder).items():
        # The cache is for its owner's eyes, and has what the chart itself has: its own defaults, never the user's values.
        text = text.replace(CANARIES["default"], "") if name.endswith(".ck") else text
        assert not LEAK.search(text), name


def _written(folder: Path) -> dict[str, str]:
    """What commands wrote: all files but the inputs."""
    found = [*(folder / "out").rglob("*"), *(folder.parent / "home").rglob("*"), folder / "chartkit.yaml"]
    return {path.name: path.read_bytes().decode("latin-1") for path in found if path.is_file()}


@pytest.mark.parametrize("words", USUAL, ids=_named)
def test_a_command_shows_no_password(run: Run, folder: Path, words: tuple[str, ...]) -> None:
    for _ in range(2):
        # The second run finds what the first has left in the cache.
        code, out, err = run(*words)
        assert code in (0, 1, 2, 3), err
        assert not LEAK.search(err), err
        assert not LEAK.search(out), out
    _check_files(folder)


@pytest.mark.parametrize("words", FAILING, ids=_named)
def test_a_command_that_fails_shows_no_password(run: Run, folder: Path, words: tuple[str, ...]) -> None:
    code, out, err = run(*words)
    assert code in (0, 1, 2, 3), err
    assert not LEAK.search(err), err
    assert not LEAK.search(out), out
    _check_files(folder)


def test_a_bug_shows_no_password(run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The log is to be attached to a public report."""

    def broken(_: object) -> int:
        try:
            raise KeyError(CANARIES["values"])
        except KeyError as failure:
            raise RuntimeError(f"no such thing: {CANARIES['values']!r} {CANARIES['flag']}") from failure

    command = Command("images", "", "", (), broken)
    monkeypatch.setattr(commands, "load_command", lambda _: command)
    for words in (("images", SET), ("images", SET, "--debug")):
        code, out, err = run(*words)
        assert code == 70
        assert not LEAK.search(out + err), err
    logs = list((folder.parent / "home" / "tmp").glob("chartkit-*.log"))
    assert len(logs) == 2
    for log in logs:
        text = log.read_text()
        assert "test_canaries.py" in text
        assert "KeyError" in text
        assert not LEAK.search(text), text


def test_every_command_is_tried() -> None:
    """A new command has to come here, or to the tests of its own that plant passwords."""
    tried = {" ".join(words[:2]) for words in [*USUAL, *FAILING]} | {words[0] for words in [*USUAL, *FAILING]}
    elsewhere = {
        "post-render", "hook", "fleet", "cache clear", "pull-secret render", "pull-secret test-pod", "drycc secret",
        "kaapana check", "kaapana plan", "kaapana rewrite-operators", "kaapana registry-secret", "task plan", "task run",
        "task logs", "task status", "devfile plan", "devfile relocate", "edit unset", "edit get", "dependency build",
        "drycc values",
    }  # fmt: skip
    for name in commands.COMMANDS:
        found = commands.load_command(name)
        names = [f"{name} {each}" for each in found.commands] if isinstance(found, Group) else [name]
        assert set(names) <= tried | elsewhere, set(names) - tried - elsewhere
