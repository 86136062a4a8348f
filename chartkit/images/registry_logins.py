"""The commands that log in to a registry and make a pull secret for it. Text only: nothing is run.

Every command works as it is printed, once its placeholders `'<...>'` are replaced. They are quoted, as the shell takes
a bare `<` for a redirection, and so are the `$` that belong to user names.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from shlex import quote
from typing import Final

from chartkit.images.providers import Provider, provider_of

DEFAULT_NAME: Final = "regcred"
_TEST_POD: Final = "test-pull"
_UNTIL_DELETED: Final = "until it is deleted"
_HOURS_ECR: Final = "12 hours"
_AN_HOUR: Final = "about 1 hour"
_AS_MADE: Final = "as long as it was made for"


@dataclass(frozen=True, slots=True)
class Login:
    """One kind of credential for a registry, and the commands for it.

    Attributes:
        title: what kind it is.
        username: the user name, as a word of the shell.
        password: the password, as a word of the shell.
        lifetime: how long the credential lives.
        is_short_lived: whether that is a day at most, so that a Secret made once goes stale.
        prepare: a command that must go before.
        login: the command that lets docker, podman and the like pull on this machine.
        create: the command that makes the Secret.
        apply: the command that makes it or renews it, with the password on no command line.
    """

    title: str
    username: str
    password: str
    lifetime: str
    is_short_lived: bool
    prepare: str
    login: str
    create: str
    apply: str


@dataclass(frozen=True, slots=True)
class _Kind:
    """What is known of a kind of credential; `{}` stand for groups of the provider.

    Attributes:
        token: the command that prints the password; without one it is a placeholder.
        placeholder: what stands for the password.
        login: a command of the provider's own.
    """

    title: str
    username: str
    placeholder: str = ""
    token: str = ""
    lifetime: str = _AS_MADE
    short: bool = False
    prepare: str = ""
    login: str = ""


_GOOGLE: Final = (
    _Kind(
        "the key file of a service account", "_json_key", token="cat key.json", lifetime="until the key is deleted",
        login="cat key.json | docker login --username _json_key --password-stdin https://{host}",
    ),
    _Kind(
        "an access token", "oauth2accesstoken", token="gcloud auth print-access-token", lifetime=_AN_HOUR, short=True,
        login="gcloud auth configure-docker {host}",
    ),
)  # fmt: skip
_PASSWORD: Final = (_Kind("a user", "<user>", "<password-or-token>", lifetime="until it is changed"),)
_ALIBABA_TOKEN: Final = "aliyun cr GetAuthorizationToken --InstanceId '<instance-id>'"

_KINDS: Final[Mapping[str, tuple[_Kind, ...]]] = {
    "dockerhub": (_Kind("an access token", "<user>", "<access-token>"),),
    "acr": (
        _Kind(
            "a service principal", "<service-principal-id>", "<service-principal-password>",
            lifetime="until the secret expires, 1 year unless told otherwise",
        ),
        _Kind("a token with a scope map", "<token-name>", "<token-password>"),
        _Kind(
            "an access token of the person logged in", "00000000-0000-0000-0000-000000000000",
            token="az acr login --name {name} --expose-token --output tsv --query accessToken",
            lifetime="about 3 hours", short=True, login="az acr login --name {name}",
        ),
    ),
    "gcr": _GOOGLE,
    "gar": (
        *_GOOGLE,
        _Kind(
            "the key file in base64", "_json_key_base64", token="base64 -w0 key.json",
            lifetime="until the key is deleted",
        ),
    ),
    "ecr": (
        _Kind(
            "the password of the account", "AWS", token="aws ecr get-login-password --region {region}",
            lifetime=_HOURS_ECR, short=True,
        ),
    ),
    "ecr-public": (
        _Kind(
            "the password of an account", "AWS", token="aws ecr-public get-login-password --region us-east-1",
            lifetime=_HOURS_ECR, short=True,
        ),
    ),
    "jfrog": (_Kind("an identity token", "<user>", "<identity-token>"),),
    "harbor": (
        _Kind("a robot", "robot$<project>+<name>", "<robot-secret>", lifetime="30 days, unless made for longer"),
        _Kind("a user", "<user>", "<password-or-cli-secret>", lifetime="until it is changed"),
    ),
    "quay": (_Kind("a robot", "<organisation>+<robot>", "<robot-token>", lifetime=_UNTIL_DELETED),),
    "ghcr": (
        _Kind("a personal access token (classic) with read:packages", "<github-login>", "<token>"),
        _Kind(
            "the token of the GitHub CLI", "<github-login>", token="gh auth token",
            lifetime="until the login is revoked", prepare="gh auth refresh --scopes read:packages",
        ),
    ),
    "gitlab": (
        _Kind("a deploy token with read_registry", "<gitlab+deploy-token-N>", "<deploy-token>"),
        _Kind(
            "the token of a CI job", "gitlab-ci-token", token='printenv CI_JOB_TOKEN', lifetime="as long as the job",
            short=True,
        ),
    ),
    "alibaba": (
        _Kind("the registry's password", "<account>", "<registry-password>", lifetime="until it is changed"),
        _Kind(
            "a temporary pair", "$(jq -r .TempUsername token.json)", token="jq -r .AuthorizationToken token.json",
            lifetime="1 hour", short=True, prepare=f"{_ALIBABA_TOKEN} > token.json",
        ),
    ),
    "ibm": (
        _Kind("an API key", "iamapikey", "<api-key>", lifetime=_UNTIL_DELETED, login="ibmcloud cr login"),
    ),
    "ibm-entitled": (_Kind("an entitlement key", "cp", "<entitlement-key>", lifetime=_UNTIL_DELETED),),
    "oci": (
        _Kind("an auth token", "<tenancy-namespace>/<user>", "<auth-token>", lifetime=_UNTIL_DELETED),
    ),
    "ngc": (_Kind("an API key", "$oauthtoken", "<ngc-api-key>"),),
    "redhat": (
        _Kind("a registry service account", "<number|name>", "<service-account-token>", lifetime=_UNTIL_DELETED),
    ),
}  # fmt: skip


def logins(registry: str, name: str = DEFAULT_NAME, namespace: str = "") -> tuple[Login, ...]:
    """The kinds of credentials that a registry takes, the best for a Secret first; none where all images are public.

    Args:
        registry: a host, perhaps with a port and a path.
        name: the Secret's name.
        namespace: the Secret's namespace; empty for the current one.
    """
    provider = provider_of(registry)
    if provider.is_public:
        return ()
    host = registry.partition("/")[0]
    kinds = _KINDS.get(_kind_id(provider, host), _PASSWORD)
    return tuple(_login(kind, provider, host, (name, namespace)) for kind in kinds)


def pull_command(image: str, name: str = DEFAULT_NAME, namespace: str = "", *, pod: str = _TEST_POD) -> str:
    """A command that pulls an image with a Secret, which shows whether both fit.

    `kubectl run` is meant: `kubectl create` knows no pods.
    """
    overrides = f'{{"apiVersion":"v1","spec":{{"imagePullSecrets":[{{"name":"{name}"}}]}}}}'
    words = ["kubectl", "run", pod, f"--image={image}", "--restart=Never", f"--overrides={overrides}"]
    return " ".join(quote(word) for word in [*words, *_namespace(namespace)])


def _kind_id(provider: Provider, host: str) -> str:
    # One host of IBM's sells other vendors' software, under a user name of its own.
    return "ibm-entitled" if host.startswith("cp.") and provider.id == "ibm" else provider.id


def _login(kind: _Kind, provider: Provider, host: str, secret: tuple[str, str]) -> Login:
    groups = {**provider.groups, "host": host}
    token = kind.token.format(**groups)
    username, password = _word(kind.username), f'"$({token})"' if token else quote(kind.placeholder)
    at = "" if provider.id == "dockerhub" else f" {quote(host)}"
    # Without a command that prints the password, both programs ask for it.
    source, stdin = (f"{token} | ", " --password-stdin") if token else ("", "")
    name, server = quote(secret[0]), quote(provider.server)
    place = "".join(f" {flag}" for flag in _namespace(secret[1]))
    return Login(
        title=kind.title,
        username=username,
        password=password,
        lifetime=kind.lifetime,
        is_short_lived=kind.short,
        prepare=kind.prepare,
        login=kind.login.format(**groups) or f"{source}docker login --username {username}{stdin}{at}",
        create=f"kubectl create secret docker-registry {name} --docker-server={server} "
        f"--docker-username={username} --docker-password={password}{place}",
        apply=f"{source}chartkit pull-secret render --name={name} --server={server} --username={username}{stdin}{place}"
        " | kubectl apply -f -",
    )


def _word(username: str) -> str:
    """A user name as a word of the shell; a command in it stays one."""
    return f'"{username}"' if username.startswith("$(") else quote(username)


def _namespace(namespace: str) -> tuple[str, ...]:
    return (f"--namespace={quote(namespace)}",) if namespace else ()
