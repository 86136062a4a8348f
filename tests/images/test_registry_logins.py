"""The commands for each provider: what they give as server, user and password, and that the shell reads them so."""

from __future__ import annotations

import shlex

import pytest

from chartkit.images.registry_logins import Login, logins, pull_command

ECR = "123456789012.dkr.ecr.us-east-1.amazonaws.com"
HOSTS = [
    "docker.io",
    "myacr.azurecr.io",
    "eu.gcr.io",
    "us-central1-docker.pkg.dev",
    ECR,
    "public.ecr.aws",
    "mycompany.jfrog.io",
    "harbor.example.com",
    "quay.io",
    "ghcr.io",
    "registry.gitlab.com",
    "registry.cn-hangzhou.aliyuncs.com",
    "de.icr.io",
    "cp.icr.io",
    "fra.ocir.io",
    "nvcr.io",
    "registry.redhat.io",
    "r.example.com:5000",
]


def words(command: str) -> dict[str, str]:
    """The flags of a command as the shell hands them over."""
    pairs = (word.partition("=") for word in shlex.split(command) if word.startswith("--"))
    return {name: value for name, _, value in pairs}


def first(host: str, **more: str) -> Login:
    return logins(host, **more)[0]


@pytest.mark.parametrize(
    ("host", "number", "server", "username", "password"),
    [
        ("", 0, "https://index.docker.io/v1/", "<user>", "<access-token>"),
        ("docker.io", 0, "https://index.docker.io/v1/", "<user>", "<access-token>"),
        ("myacr.azurecr.io", 0, "myacr.azurecr.io", "<service-principal-id>", "<service-principal-password>"),
        (
            "myacr-a1b2.azurecr.io",
            2,
            "myacr-a1b2.azurecr.io",
            "00000000-0000-0000-0000-000000000000",
            "$(az acr login --name myacr --expose-token --output tsv --query accessToken)",
        ),
        ("gcr.io/my-project", 0, "gcr.io", "_json_key", "$(cat key.json)"),
        ("gcr.io", 1, "gcr.io", "oauth2accesstoken", "$(gcloud auth print-access-token)"),
        ("us-docker.pkg.dev/p/r", 2, "us-docker.pkg.dev", "_json_key_base64", "$(base64 -w0 key.json)"),
        (ECR, 0, ECR, "AWS", "$(aws ecr get-login-password --region us-east-1)"),
        (
            "123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com",
            0,
            "123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com",
            "AWS",
            "$(aws ecr get-login-password --region us-gov-west-1)",
        ),
        ("public.ecr.aws", 0, "public.ecr.aws", "AWS", "$(aws ecr-public get-login-password --region us-east-1)"),
        ("mycompany.jfrog.io/docker-local", 0, "mycompany.jfrog.io", "<user>", "<identity-token>"),
        ("harbor.example.com/p", 0, "harbor.example.com", "robot$<project>+<name>", "<robot-secret>"),
        ("quay.io", 0, "quay.io", "<organisation>+<robot>", "<robot-token>"),
        ("ghcr.io", 0, "ghcr.io", "<github-login>", "<token>"),
        ("ghcr.io", 1, "ghcr.io", "<github-login>", "$(gh auth token)"),
        ("registry.gitlab.com", 0, "registry.gitlab.com", "<gitlab+deploy-token-N>", "<deploy-token>"),
        ("registry.cn-hangzhou.aliyuncs.com", 0, None, "<account>", "<registry-password>"),
        (
            "registry.cn-hangzhou.aliyuncs.com",
            1,
            None,
            "$(jq -r .TempUsername token.json)",
            "$(jq -r .AuthorizationToken token.json)",
        ),
        ("us.icr.io", 0, "us.icr.io", "iamapikey", "<api-key>"),
        ("cp.icr.io", 0, "cp.icr.io", "cp", "<entitlement-key>"),
        ("fra.ocir.io", 0, "fra.ocir.io", "<tenancy-namespace>/<user>", "<auth-token>"),
        ("nvcr.io", 0, "nvcr.io", "$oauthtoken", "<ngc-api-key>"),
        ("registry.redhat.io", 0, "registry.redhat.io", "<number|name>", "<service-account-token>"),
        ("r.example.com:5000", 0, "r.example.com:5000", "<user>", "<password-or-token>"),
    ],
)
def test_the_secret_is_made_with_what_the_registry_wants(
    host: str, number: int, server: str | None, username: str, password: str
) -> None:
    given = words(logins(host)[number].create)
    assert given["--docker-server"] == (server or host)
    assert (given["--docker-username"], given["--docker-password"]) == (username, password)


@pytest.mark.parametrize("host", ["registry.k8s.io", "mcr.microsoft.com", "registry.access.redhat.com", "k8s.gcr.io"])
def test_public_registries_take_no_credentials(host: str) -> None:
    assert logins(host) == ()


@pytest.mark.parametrize("host", HOSTS)
def test_no_command_leaves_a_dollar_of_a_name_or_an_angle_to_the_shell(host: str) -> None:
    for login in logins(host):
        for command in (login.login, login.create):
            # What stands in single quotes is safe; in what remains a $ begins a command, and < is none.
            outside = "".join(command.split("'")[::2])
            assert "<" not in outside
            assert outside.count("$") == outside.count('"$(')


@pytest.mark.parametrize(
    ("host", "number", "command"),
    [
        ("docker.io", 0, "docker login --username '<user>'"),
        ("quay.io", 0, "docker login --username '<organisation>+<robot>' quay.io"),
        (ECR, 0, f"aws ecr get-login-password --region us-east-1 | docker login --username AWS --password-stdin {ECR}"),
        ("myacr.azurecr.io", 2, "az acr login --name myacr"),
        ("gcr.io", 0, "cat key.json | docker login --username _json_key --password-stdin https://gcr.io"),
        ("eu.gcr.io", 1, "gcloud auth configure-docker eu.gcr.io"),
        ("us.icr.io", 0, "ibmcloud cr login"),
    ],
)
def test_the_login_of_this_machine_keeps_the_password_off_the_command_line(
    host: str, number: int, command: str
) -> None:
    assert logins(host)[number].login == command


@pytest.mark.parametrize(
    ("host", "lives"),
    [
        (ECR, ["12 hours"]),
        ("public.ecr.aws", ["12 hours"]),
        ("gcr.io", ["about 1 hour"]),
        ("myacr.azurecr.io", ["about 3 hours"]),
        ("registry.cn-hangzhou.aliyuncs.com", ["1 hour"]),
        ("quay.io", []),
    ],
)
def test_credentials_that_live_for_hours_are_marked(host: str, lives: list[str]) -> None:
    assert [login.lifetime for login in logins(host) if login.is_short_lived] == lives


def test_name_and_namespace_stand_in_the_commands() -> None:
    login = first("quay.io", name="my-secret", namespace="prod")
    assert login.create.startswith("kubectl create secret docker-registry my-secret --docker-server=quay.io ")
    assert login.create.endswith(" --namespace=prod")
    command = pull_command("quay.io/a/b:1", "my-secret", "prod")
    given = words(command)
    assert given["--overrides"] == '{"apiVersion":"v1","spec":{"imagePullSecrets":[{"name":"my-secret"}]}}'
    assert (given["--image"], given["--namespace"], given["--restart"]) == ("quay.io/a/b:1", "prod", "Never")
