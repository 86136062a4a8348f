"""Debian's docker-registry on loopback: open, with htpasswd, with TLS, and with bearer tokens.

Fixtures of a whole session, each started when it is first wanted and stopped at the end:

| fixture | what it is |
|---|---|
| open_registry | plain HTTP, no login |
| password_registry | plain HTTP; user `user`, password `pass:word` |
| tls_registry | TLS with a certificate of its own (`.ca_file`), and the same login |
| token_registry | plain HTTP; bearer tokens of `.tokens`, a `tokens.TokenServer` |

`start_registry` makes further ones for a single test, which may kill them.
"""

from __future__ import annotations

import json
import shutil
import socket
import ssl
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import HTTPError, URLError

import pytest
from certificates import Identity, make_identity
from tokens import ISSUER, PASSWORDS, SERVICE, TokenServer, token_server

USER, PASSWORD = "user", "pass:word"
_START = 20.0


@dataclass
class Registry:
    """A registry that runs.

    Attributes:
        host: host and port, as in references.
        storage: the folder of its blobs.
        username: who may log in; empty if nobody needs to.
        password: the password of that user.
        ca_file: the certificate to trust, if it speaks TLS.
        tokens: its token server, if it has one.
    """

    host: str
    storage: Path
    process: subprocess.Popen = field(repr=False)
    username: str = ""
    password: str = ""
    ca_file: Path | None = None
    tokens: TokenServer | None = None

    @property
    def url(self) -> str:
        """Where it is."""
        return f"{'https' if self.ca_file else 'http'}://{self.host}"

    def stop(self) -> None:
        """Kill it."""
        self.process.kill()
        self.process.wait()

    def blob_file(self, digest: str) -> Path:
        """The file that has a blob."""
        algorithm, _, digits = digest.partition(":")
        return self.storage / "docker/registry/v2/blobs" / algorithm / digits[:2] / digits / "data"

    def docker_config(self, folder: Path, **auths: dict) -> Path:
        """A folder with a config.json that has the login of this registry."""
        from base64 import b64encode

        login = b64encode(f"{self.username}:{self.password}".encode()).decode()
        own = {self.host: {"auth": login}} if self.username else {}
        (folder / "config.json").write_text(json.dumps({"auths": {**own, **auths}}))
        return folder


StartRegistry = Callable[..., Registry]


@contextmanager
def running_registry(folder: Path, identity: Identity | None = None, *, kind: str = "open", port: int = 0):
    """A registry that runs until the end of the block: `open`, `password`, `tls` or `token`."""
    program = shutil.which("docker-registry")
    if program is None:
        pytest.skip("docker-registry is not installed (apt-get install docker-registry)")
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        tokens = stack.enter_context(token_server(identity)) if kind == "token" and identity else None
        registry = _start(program, folder, identity, kind, port or _free_port(), tokens)
        stack.callback(registry.stop)
        _wait(registry, folder)
        yield registry


def _start(program, folder, identity, kind, port, tokens) -> Registry:
    host = f"127.0.0.1:{port}"
    config = {
        "version": "0.1",
        "log": {"level": "error", "accesslog": {"disabled": True}},
        "storage": {"filesystem": {"rootdirectory": str(folder / "storage")}, "delete": {"enabled": True}},
        "http": {"addr": host},
    }
    registry = Registry(host, folder / "storage", None)
    if kind == "tls":
        config["http"]["tls"] = {"certificate": str(identity.certificate_file), "key": str(identity.key_file)}
        registry.ca_file = identity.certificate_file
    if kind in ("tls", "password"):
        config["auth"] = {"htpasswd": {"realm": "test", "path": str(_htpasswd(folder))}}
        registry.username, registry.password = USER, PASSWORD
    if kind == "token":
        bundle = {"rootcertbundle": str(identity.certificate_file)}
        config["auth"] = {"token": {"realm": tokens.realm, "service": SERVICE, "issuer": ISSUER, **bundle}}
        registry.username, registry.password = "writer", PASSWORDS["writer"]
        registry.tokens = tokens
    # JSON is YAML.
    (folder / "config.yml").write_text(json.dumps(config))
    with open(folder / "log", "wb") as log:
        registry.process = subprocess.Popen([program, "serve", folder / "config.yml"], stdout=log, stderr=log)
    return registry


def _htpasswd(folder: Path) -> Path:
    import bcrypt

    # The least rounds: each request pays for them.
    hashed = bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(4)).decode()
    (folder / "htpasswd").write_text(f"{USER}:{hashed}\n")
    return folder / "htpasswd"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait(registry: Registry, folder: Path) -> None:
    context = ssl.create_default_context(cafile=str(registry.ca_file)) if registry.ca_file else None
    end = time.monotonic() + _START
    while time.monotonic() < end and registry.process.poll() is None:
        try:
            urllib.request.urlopen(f"{registry.url}/v2/", timeout=1, context=context).close()
        except HTTPError as answer:
            answer.close()
            return
        except (URLError, OSError):
            time.sleep(0.02)
        else:
            return
    pytest.fail(f"docker-registry does not start: {(folder / 'log').read_text()[-2000:]}")


@pytest.fixture(scope="session")
def identity(tmp_path_factory) -> Identity:
    """A key and a certificate for 127.0.0.1 and localhost."""
    return make_identity(tmp_path_factory.mktemp("identity"))


def _session_registry(kind: str):
    @pytest.fixture(scope="session", name=f"{kind}_registry")
    def registry(tmp_path_factory, identity) -> Iterator[Registry]:
        with running_registry(tmp_path_factory.mktemp(kind), identity, kind=kind) as running:
            yield running

    return registry


open_registry = _session_registry("open")
password_registry = _session_registry("password")
tls_registry = _session_registry("tls")
token_registry = _session_registry("token")


@pytest.fixture
def start_registry(tmp_path, identity) -> Iterator[StartRegistry]:
    """Starts a registry for one test: `start_registry(kind="open", port=0)`."""
    with ExitStack() as stack:
        count = 0

        def start(kind: str = "open", port: int = 0, name: str = "") -> Registry:
            nonlocal count
            count += 1
            folder = tmp_path / (name or f"registry-{count}")
            return stack.enter_context(running_registry(folder, identity, kind=kind, port=port))

        yield start
