"""`chartkit registries`: what is printed of the registries of a chart, and of hosts."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from chartkit.cli.app import main

Run = Callable[..., tuple[int, str, str]]

ORKES = Path(__file__).parents[2] / "fixtures" / "orkes"


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Run:
    """Runs `chartkit registries`; gives the exit code and both outputs."""

    def registries(*words: str | Path) -> tuple[int, str, str]:
        code = main(["registries", *map(str, words)])
        out, err = capfd.readouterr()
        return code, out, err

    return registries


def test_each_registry_of_the_chart_is_told_once(run: Run) -> None:
    code, out, _ = run(ORKES / "mixed-public-and-private.yaml", "--format", "json")
    found = json.loads(out)["registries"]
    assert code == 0
    assert [(each["registry"], each["provider"], each["server"], each["secret"]) for each in found] == [
        ("docker.io", "dockerhub", "https://index.docker.io/v1/", "regcred"),
        ("myregistry.example.com", "unknown", "myregistry.example.com", "my-registry-secret"),
    ]
    assert found[1]["images"] == ["myregistry.example.com/myorg/custom-conductor-workers:5.2.42"]


@pytest.mark.parametrize(
    ("values", "provider", "server"),
    [
        ("acr", "acr", "myacr.azurecr.io"),
        ("gcr", "gcr", "gcr.io"),
        ("ecr", "ecr", "123456789012.dkr.ecr.us-east-1.amazonaws.com"),
        ("jfrog", "jfrog", "mycompany.jfrog.io"),
        ("harbor", "harbor", "harbor.example.com"),
    ],
)
def test_the_providers_of_the_guide(run: Run, values: str, provider: str, server: str) -> None:
    (found,) = json.loads(run(ORKES / f"{values}.yaml", "--format", "json")[1])["registries"]
    assert (found["provider"], found["server"], len(found["images"])) == (provider, server, 2)
    assert all(f"--docker-server={server} " in login["create"] for login in found["logins"])


def test_the_refused_commands_of_the_guide_have_a_form_that_works(run: Run) -> None:
    out = run(ORKES / "ecr.yaml")[1]
    host = "123456789012.dkr.ecr.us-east-1.amazonaws.com"
    assert (
        f"kubectl create secret docker-registry ecr-credentials --docker-server={host} --docker-username=AWS "
        '--docker-password="$(aws ecr get-login-password --region us-east-1)"\n'
    ) in out
    assert (
        f"kubectl run test-pull --image={host}/conductor-server:production --restart=Never "
        '\'--overrides={"apiVersion":"v1","spec":{"imagePullSecrets":[{"name":"ecr-credentials"}]}}\'\n'
    ) in out
    assert "password-stdin 1" in out
    assert "--docker-password-stdin" not in out
    assert "kubectl create pod" not in out


def test_hosts_need_no_chart(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, err = run("--host", "https://nvcr.io/v2/,harbor.example.com,mcr.microsoft.com,nvcr.io")
    assert (code, err) == (0, "")
    assert [line for line in out.splitlines() if line and not line.startswith(" ")] == [
        "nvcr.io: NVIDIA NGC (ngc)",
        "harbor.example.com: Harbor (harbor, by the look of its name)",
        "mcr.microsoft.com: Microsoft Artifact Registry (mcr)",
    ]
    assert "--docker-username='$oauthtoken'" in out
    assert "--docker-username='robot$<project>+<name>'" in out
    assert "auths key: none: its images are public" in out


def test_text_says_all_that_is_needed(run: Run) -> None:
    assert run("--host", "ghcr.io", "--secret", "gh", "--namespace", "prod")[1] == (
        "ghcr.io: GitHub Container Registry (ghcr)\n"
        "    auths key: ghcr.io\n"
        "    user name: any GitHub login\n"
        "    password:  a personal access token with read:packages\n"
        "    note:      tokens expire as set when they were made\n"
        "\n"
        "    With a personal access token (classic) with read:packages (lifetime: as long as it was made for):\n"
        "      docker login --username '<github-login>' ghcr.io\n"
        "      kubectl create secret docker-registry gh --docker-server=ghcr.io --docker-username='<github-login>' "
        "--docker-password='<token>' --namespace=prod\n"
        "      # or, with the password on no command line:\n"
        "      chartkit pull-secret render --name=gh --server=ghcr.io --username='<github-login>' --namespace=prod "
        "| kubectl apply -f -\n"
        "\n"
        "    With the token of the GitHub CLI (lifetime: until the login is revoked):\n"
        "      gh auth refresh --scopes read:packages\n"
        "      gh auth token | docker login --username '<github-login>' --password-stdin ghcr.io\n"
        "      kubectl create secret docker-registry gh --docker-server=ghcr.io --docker-username='<github-login>' "
        '--docker-password="$(gh auth token)" --namespace=prod\n'
        "      # or, with the password on no command line:\n"
        "      gh auth token | chartkit pull-secret render --name=gh --server=ghcr.io --username='<github-login>' "
        "--password-stdin --namespace=prod | kubectl apply -f -\n"
        "\n"
        "    To see whether a pod can pull with it:\n"
        "      kubectl run test-pull '--image=ghcr.io/<repository>:<tag>' --restart=Never "
        '\'--overrides={"apiVersion":"v1","spec":{"imagePullSecrets":[{"name":"gh"}]}}\' --namespace=prod\n'
    )


def test_a_host_that_is_nearly_a_providers_is_warned_of(run: Run) -> None:
    out = run("--host", "123456.dkr.ecr.us-east-1.amazonaws.com")[1]
    assert "warning:   123456.dkr.ecr.us-east-1.amazonaws.com looks like ECR, account must have 12 digits" in out


def test_a_secret_that_goes_stale_is_warned_of(run: Run) -> None:
    out = run("--host", "public.ecr.aws")[1]
    assert "(lifetime: 12 hours):\n" in out
    assert (
        "      # the Secret goes stale; to renew it, with the password on no command line:\n      aws ecr-public "
        in out
    )


@pytest.mark.parametrize(
    ("flags", "said"),
    [(["--host", "a b"], '"a b" is no registry'), (["--host", "x.io", "--format", "xml"], 'unknown format "xml"')],
)
def test_bad_words_are_refused(run: Run, flags: list[str], said: str) -> None:
    code, out, err = run(*flags)
    assert (code, out) == (2, "")
    assert said in err


def test_a_text_that_is_no_reference_is_told_aside(run: Run) -> None:
    code, out, err = run(ORKES / "e06-scheme.yaml")
    assert (code, out) == (0, "the chart renders no image\n")
    assert "is no image reference" in err
