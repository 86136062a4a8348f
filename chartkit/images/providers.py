"""The registries of the world by their hosts: who runs them, and what a pull secret for them needs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from chartkit.pattern import pattern as late_pattern
from chartkit.record import dataclass, field

_HUB_KEY: Final = "https://index.docker.io/v1/"
_HOST_ITSELF: Final = "{host}"
_PORT: Final = late_pattern(r":\d+$")


@dataclass(frozen=True, slots=True)
class Provider:
    """A registry as far as its host tells.

    Attributes:
        id: a short name: `ecr`, `quay`, ... or `unknown`.
        title: what people call it.
        server: the key under `auths` in a Docker configuration; empty where images are public only.
        username: what to give as user name.
        password: what to give as password.
        note: how long credentials live, and other things to know.
        short_lived: whether the usual credentials expire within a day, so that a Secret made once goes stale.
        groups: what host and path name: `account` and `region`, `project` and `repository`, ...
        suspicion: what looks wrong about the host, each with the id of its rule.
        is_guess: whether only the first word of the host speaks for it.
    """

    id: str
    title: str
    server: str
    username: str
    password: str
    note: str = ""
    short_lived: bool = False
    groups: Mapping[str, str] = field(default_factory=dict)
    suspicion: tuple[str, ...] = ()
    is_guess: bool = False

    @property
    def is_public(self) -> bool:
        """Whether its images need no credentials, and none can be given."""
        return not self.server


@dataclass(frozen=True, slots=True)
class _Row:
    """The facts about one provider.

    Attributes:
        hosts: all its hosts, whole, in lower case, without port.
        path: what the first parts of the path are called.
        server: the key under `auths`.
        is_guess: whether the pattern is a mere hint.
    """

    id: str
    title: str
    hosts: str
    username: str
    password: str
    note: str = ""
    path: tuple[str, ...] = ()
    server: str = _HOST_ITSELF
    short_lived: bool = False
    is_guess: bool = False


_ROWS: Final = (
    _Row(
        "dockerhub", "Docker Hub", r"|docker\.io|index\.docker\.io|registry-1\.docker\.io",
        "user name", "password or access token",
        "access tokens live long; anonymous and free pulls are rate-limited",
        server=_HUB_KEY,
    ),
    _Row(
        "acr", "Azure Container Registry",
        r"(?P<name>[a-z0-9]{5,50})(?:-[a-z0-9]+)?(?:\.[a-z0-9-]+)*\.azurecr\.(?:io|cn|de|us)",
        "service principal id, or 00000000-0000-0000-0000-000000000000 with a token", "its secret, or the token",
        "a service principal's secret lives until it expires, an access token about 3 hours",
    ),
    _Row(
        "gcr", "Google Container Registry", r"(?:(?P<location>us|eu|asia|marketplace)\.)?gcr\.io",
        "_json_key, or oauth2accesstoken with a token", "the whole key file, or the token",
        "keys live long, access tokens about 1 hour; the service is shut and its traffic goes to Artifact Registry",
        path=("project",),
    ),
    _Row(
        "gar", "Google Artifact Registry", r"(?P<location>[a-z0-9-]+)-docker\.pkg\.dev",
        "_json_key, _json_key_base64, or oauth2accesstoken with a token", "the whole key file, or the token",
        "keys live long, access tokens about 1 hour; images need project and repository in their path",
        path=("project", "repository"),
    ),
    _Row(
        "ecr", "Amazon Elastic Container Registry",
        r"(?P<account>\d{12})\.dkr[.-]ecr(?:-fips)?\.(?P<region>[a-z0-9][a-z0-9-]*)"
        r"\.(?:amazonaws\.com(?:\.cn)?|on\.aws|sc2s\.sgov\.gov|c2s\.ic\.gov)",
        "AWS", "what `aws ecr get-login-password` prints",
        "passwords live 12 hours: refresh the Secret, never write it into values",
        short_lived=True,
    ),
    _Row(
        "ecr-public", "Amazon ECR Public Gallery", r"public\.ecr\.aws|ecr-public\.aws\.com",
        "AWS", "what `aws ecr-public get-login-password` prints",
        "anonymous pulls work within limits; passwords live 12 hours",
        short_lived=True,
    ),
    _Row(
        "jfrog", "JFrog Artifactory", r"(?P<name>(?:[a-z0-9-]+\.)*[a-z0-9-]+)\.jfrog\.io",
        "user name", "API or identity token",
        "tokens live as long as they were made for; the key of the Secret is the host alone, without the repository",
        path=("repository",),
    ),
    _Row(
        "quay", "Quay.io", r"quay\.io",
        "organisation+robot", "the robot's token", "robot tokens live long",
        path=("organisation",),
    ),
    _Row(
        "ghcr", "GitHub Container Registry", r"ghcr\.io",
        "any GitHub login", "a personal access token with read:packages", "tokens expire as set when they were made",
        path=("owner",),
    ),
    _Row(
        "gitlab", "GitLab Container Registry", r"registry\.gitlab\.com",
        "gitlab+deploy-token-{n}, or gitlab-ci-token in jobs", "the deploy token, or the job's token",
        "deploy tokens do not expire unless told to",
        path=("group",),
    ),
    _Row(
        "alibaba", "Alibaba Cloud Container Registry",
        r"registry(?:-vpc|-intl|-internal)?\.(?P<region>[a-z0-9-]+)\.aliyuncs\.com"
        r"|(?P<name>[a-z0-9-]+)(?:\.[a-z0-9-]+)+\.cr\.aliyuncs\.com|[a-z0-9-]+\.cr\.aliyuncs\.com",
        "account name", "the registry's password", "passwords live long, temporary pairs 1 hour",
        path=("namespace",),
    ),
    _Row(
        "ibm", "IBM Cloud Container Registry", r"(?:private\.)?(?:cp\.|(?P<region>[a-z]{2}\d?)\.)?icr\.io",
        "iamapikey (cp for cp.icr.io)", "an API key, or the entitlement key", "keys live long",
        path=("namespace",),
    ),
    _Row(
        "oci", "Oracle Cloud Infrastructure Registry",
        r"(?P<region>[a-z0-9-]+)\.ocir\.io|ocir\.(?P<location>[a-z0-9-]+)\.oci\.oraclecloud\.com",
        "tenancy-namespace/user", "an auth token", "auth tokens live until they are deleted",
        path=("namespace",),
    ),
    _Row("k8s", "Kubernetes community images", r"registry\.k8s\.io", "", "", "public", server=""),
    _Row(
        "k8s", "Kubernetes community images", r"k8s\.gcr\.io", "", "",
        "public; frozen since 2023: use registry.k8s.io", server="",
    ),
    _Row("mcr", "Microsoft Artifact Registry", r"mcr\.microsoft\.com", "", "", "public", server=""),
    _Row(
        "ngc", "NVIDIA NGC", r"nvcr\.io",
        "$oauthtoken, literally: quote the $ in shells", "an NGC API key", "keys live long",
        path=("organisation",),
    ),
    _Row("redhat", "Red Hat Catalog", r"registry\.access\.redhat\.com", "", "", "public", server=""),
    _Row(
        "redhat", "Red Hat Catalog", r"registry\.redhat\.(?:io|com)",
        "a registry service account", "its token", "service accounts do not expire",
    ),
    _Row(
        "harbor", "Harbor", r"harbor\..+",
        "user name, or robot$project+name: quote the $ in shells", "password, or the robot's secret",
        "robots expire as set when they were made; the host only suggests Harbor",
        path=("project",), is_guess=True,
    ),
)  # fmt: skip
_PATTERNS: Final = tuple((re.compile(row.hosts), row) for row in _ROWS)
_UNKNOWN: Final = _Row("unknown", "a registry of its own", "", "user name", "password or token")

_ECR_LIKE: Final = late_pattern(r"(?P<account>[^.]*)\.dkr[.-]ecr.*|.*\.amazonaws\.com.*")
_MISSPELT: Final = {
    "quay.com": "quay.io", "ghcr.com": "ghcr.io", "gcr.com": "gcr.io", "docker.com": "docker.io", "nvcr.com": "nvcr.io",
    "registry.gitlab.io": "registry.gitlab.com", "registry.k8s.com": "registry.k8s.io", "github.com": "ghcr.io",
    "hub.docker.com": "docker.io", "icr.com": "icr.io",
}  # fmt: skip
_LOOKALIKES: Final = (
    (re.compile(r".*\bazurecr\b.*"), "Azure Container Registry: NAME.azurecr.io with 5 to 50 letters and digits"),
    (re.compile(r".*-docker\.pkg\..*"), "Google Artifact Registry: LOCATION-docker.pkg.dev"),
    (re.compile(r".*\bjfrog\b\.(?!io$).*"), "JFrog: NAME.jfrog.io"),
    (re.compile(r".*\baliyuncs\b.*"), "Alibaba Cloud: registry.REGION.aliyuncs.com"),
    (re.compile(r".*\bocir\b.*"), "Oracle Cloud: REGION.ocir.io"),
)

# Hosts of public images beside those that are a provider of their own.
_PUBLIC: Final = frozenset(
    (
        "docker.elastic.co", "docker.redpanda.com", "cr.l5d.io", "cr.fluentbit.io", "cr.kgateway.dev",
        "xpkg.upbound.io", "xpkg.crossplane.io", "us.icr.io", "lscr.io", "tccr.io", "container-registry.oracle.com",
        "docker.dragonflydb.io", "projects.registry.vmware.com", "gcr.k8s.io", "ko.local",
        "docker.n8n.io", "codeberg.org", "docker.getcollate.io", "cgr.dev", "dhi.io", "forge.chapril.org",
        "mirror.gcr.io", "docker-registry1.mariadb.com", "registry-1.docker.io", "artifacts.opensearch.org",
    )
)  # fmt: skip
_TELLING_WORDS: Final = frozenset(
    ("registry", "docker", "cr", "reg", "images", "containers", "container-registry", "oci")
)


def provider_of(registry: str) -> Provider:
    """Who runs a registry.

    Args:
        registry: a host, perhaps with a port and a path, as charts write it; empty for Docker Hub.
    """
    host, _, path = registry.strip().strip("/").partition("/")
    name = _PORT.sub("", host.lower())
    for pattern, row in _PATTERNS:
        match = pattern.fullmatch(name)
        if match:
            found = {key: value for key, value in match.groupdict().items() if value}
            named = zip(row.path, filter(None, path.split("/")), strict=False)
            return _provider(row, host, {**found, **dict(named)})
    return _provider(_UNKNOWN, host, {}, suspicions(name))


@lru_cache(maxsize=4096)
def is_known_registry(host: str) -> bool:
    """Whether a host is known, or says by its name, that it holds images."""
    name = _PORT.sub("", host.lower())
    if name in _PUBLIC or not _TELLING_WORDS.isdisjoint(name.split(".")[:-1]):
        return True
    return provider_of(host).id != _UNKNOWN.id


def suspicions(host: str) -> tuple[str, ...]:
    """What looks wrong about a host that is no provider's: it is nearly one."""
    ecr = _ECR_LIKE.fullmatch(host)
    if ecr and ecr["account"] is not None:
        reason = "account must have 12 digits" if not re.fullmatch(r"\d{12}", ecr["account"]) else "its ending is wrong"
        return (f"CK112: {host} looks like ECR, {reason}",)
    if host in _MISSPELT:
        return (f"CK112: {host} is no registry of images; perhaps {_MISSPELT[host]} is meant",)
    return tuple(f"CK112: {host} looks like {real}, and is not" for shape, real in _LOOKALIKES if shape.fullmatch(host))


def _provider(row: _Row, host: str, groups: dict[str, str], suspicion: tuple[str, ...] = ()) -> Provider:
    return Provider(
        id=row.id,
        title=row.title,
        server=row.server.format(host=host),
        username=row.username,
        password=row.password,
        note=row.note,
        short_lived=row.short_lived,
        groups=groups,
        suspicion=suspicion,
        is_guess=row.is_guess,
    )
