"""The kubectl lines that `chartkit registries` prints, run by the real kubectl."""

from __future__ import annotations

import json
import shlex
import shutil
import subprocess
import sys
from base64 import b64decode

import pytest
import yaml

from chartkit.images.registry_logins import logins, pull_command

pytestmark = pytest.mark.real

HOSTS = (
    "docker.io", "myacr.azurecr.io", "eu.gcr.io", "us-central1-docker.pkg.dev", "public.ecr.aws", "quay.io", "ghcr.io",
    "123456789012.dkr.ecr.us-east-1.amazonaws.com", "mycompany.jfrog.io", "harbor.example.com", "registry.gitlab.com",
    "registry.cn-hangzhou.aliyuncs.com", "de.icr.io", "cp.icr.io", "fra.ocir.io", "nvcr.io", "registry.redhat.io",
    "r.example.com:5000",
)  # fmt: skip
# The commands that print passwords are not there: each prints its own words instead.
SHELL = 'az() { echo "az $*"; }; gcloud() { echo "gcloud $*"; }; aws() { echo "aws $*"; }; gh() { echo "gh $*"; }; '
SHELL += 'jq() { echo "jq $*"; }; cat() { echo "cat $*"; }; base64() { echo "base64 $*"; }; '
SHELL += 'printenv() { echo "printenv $*"; }; '


@pytest.fixture(scope="module")
def kubectl() -> str:
    """The program."""
    found = shutil.which("kubectl")
    if found is None:
        pytest.skip("kubectl is not installed (apt-get install kubernetes-client)")
    return found


def shell(command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["bash", "-c", SHELL + command], capture_output=True, text=True, timeout=60)


@pytest.mark.parametrize("host", HOSTS)
def test_kubectl_makes_the_secret_that_is_meant(kubectl: str, host: str) -> None:
    for login in logins(host, "my-secret"):
        done = shell(f"{login.create} --dry-run=client --output=json")
        assert done.returncode == 0, done.stderr
        made = json.loads(done.stdout)
        auths = json.loads(b64decode(made["data"][".dockerconfigjson"]))["auths"]
        ((server, entry),) = auths.items()
        assert f"--docker-server={server} " in login.create
        assert entry["username"] == said(login.username)
        assert entry["password"] == said(login.password)


@pytest.mark.parametrize(("host", "number"), [("public.ecr.aws", 0), ("eu.gcr.io", 0)])
def test_our_own_command_makes_the_same_secret(kubectl: str, host: str, number: int) -> None:
    login = logins(host, "my-secret")[number]
    made = json.loads(shell(f"{login.create} --dry-run=client --output=json").stdout)
    assert rendered(login.apply) == json.loads(b64decode(made["data"][".dockerconfigjson"]))["auths"]


def rendered(command: str) -> dict[str, dict[str, str]]:
    """What our own command makes, which is handed to kubectl in the end."""
    ours, _, _ = command.rpartition(" | ")
    done = shell(ours.replace("chartkit", f"{shlex.quote(sys.executable)} -m chartkit"))
    assert done.returncode == 0, done.stderr
    made = yaml.safe_load(done.stdout)
    auths: dict[str, dict[str, str]] = json.loads(b64decode(made["data"][".dockerconfigjson"]))["auths"]
    return auths


def said(word: str) -> str:
    """What a word of the shell stands for: its text, or what the command in it prints."""
    (text,) = shlex.split(word)
    return text.removeprefix("$(").removesuffix(")") if text.startswith("$(") else text


def test_kubectl_knows_the_flags_of_the_pod_that_pulls(kubectl: str) -> None:
    done = shell(f"{pull_command('r.example.com/a:1', 'my-secret')} --dry-run=client")
    # It wants a server to ask for the kinds there are, and gets that far only with flags that it knows.
    assert "unknown flag" not in done.stderr
    assert done.returncode == 0 or "connect" in done.stderr or "server" in done.stderr


@pytest.mark.parametrize(
    "command",
    [
        "kubectl create secret docker-registry a --docker-server=s --docker-username=AWS --docker-password-stdin",
        "kubectl create pod test-pull --image=r.example.com/a:1",
    ],
)
def test_kubectl_refuses_the_two_commands_of_the_guide(kubectl: str, command: str) -> None:
    done = shell(f"{command} --dry-run=client")
    assert done.returncode != 0
    assert "unknown flag" in done.stderr
