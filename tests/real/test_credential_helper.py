"""The protocol of credential helpers, spoken with Debian's `docker-credential-pass`."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from chartkit.adapters.process import ProcessRunner
from chartkit.cli.app import main
from chartkit.oci.credential import Credential
from chartkit.oci.credentials import HUB_SERVER, DockerKeychain
from chartkit.oci.docker_config import read_docker_config
from chartkit.oci.helper import ask_helper, list_helper
from chartkit.source import Source

pytestmark = pytest.mark.real

_PROGRAMS = {"docker-credential-pass": "golang-docker-credential-helpers", "pass": "pass", "gpg": "gnupg"}
_KEY = """\
%no-protection
Key-Type: EDDSA
Key-Curve: ed25519
Subkey-Type: ECDH
Subkey-Curve: cv25519
Name-Email: test@localhost
%commit
"""
KEPT = {"r.io:5000": ("u", 'p"\\é '), HUB_SERVER: ("<token>", "refresh"), "quay.io": ("org+robot", "t")}


@pytest.fixture(scope="module")
def _store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A password store of its own, with the credentials in it."""
    missing = [package for program, package in _PROGRAMS.items() if not shutil.which(program)]
    if missing:
        pytest.skip(f"needs the packages {', '.join(missing)}")
    # The agent's socket lies in this folder, and the path of a socket must be short.
    home = tmp_path_factory.mktemp("g")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GNUPGHOME", str(home))
        patch.setenv("PASSWORD_STORE_DIR", str(home / "store"))
        home.chmod(0o700)
        _run(["gpg", "--batch", "--quiet", "--gen-key"], _KEY)
        _run(["pass", "init", "test@localhost"])
        for server, (user, secret) in KEPT.items():
            content = {"ServerURL": server, "Username": user, "Secret": secret}
            _run(["docker-credential-pass", "store"], json.dumps(content))
        yield
        _run(["gpgconf", "--homedir", str(home), "--kill", "all"])


def _run(command: list[str], text: str = "") -> None:
    subprocess.run(command, input=text, text=True, capture_output=True, timeout=60, check=True, env=dict(os.environ))


@pytest.mark.usefixtures("_store")
def test_what_a_real_helper_keeps_is_found() -> None:
    runner = ProcessRunner()
    assert ask_helper(runner, "pass", "r.io:5000") == Credential("u", 'p"\\é ')
    assert ask_helper(runner, "pass", HUB_SERVER) == Credential(identity_token="refresh")
    assert ask_helper(runner, "pass", "none.io") is None
    assert list_helper(runner, "pass") == {server: user for server, (user, _) in KEPT.items()}


@pytest.mark.usefixtures("_store")
def test_a_keychain_asks_a_real_helper() -> None:
    config = read_docker_config(Source("config.json", '{"auths": {"quay.io": {}}, "credsStore": "pass"}'))
    keychain = DockerKeychain(config, ProcessRunner())
    assert keychain.credential("quay.io", "org/app") == Credential("org+robot", "t")
    assert keychain.credential("docker.io", "library/nginx") == Credential(identity_token="refresh")
    assert keychain.credential("ghcr.io") is None
    assert set(keychain.servers()) == set(KEPT)


@pytest.mark.usefixtures("_store")
def test_a_secret_is_made_of_a_real_helper(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "config.json").write_text('{"credHelpers": {"r.io:5000": "pass"}}')
    words = [f"--from-docker-config={tmp_path / 'config.json'}", "--only=r.io:5000", "--string-data"]
    assert main(["pull-secret", "render", *words]) == 0
    assert '"username":"u"' in capfd.readouterr().out
