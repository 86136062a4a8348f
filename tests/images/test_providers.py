"""Registries by their hosts."""

from __future__ import annotations

import pytest

from chartkit.images.providers import is_known_registry, provider_of

ECR = "123456789012.dkr.ecr.us-east-1.amazonaws.com"


@pytest.mark.parametrize(
    ("registry", "id", "server"),
    [
        ("", "dockerhub", "https://index.docker.io/v1/"),
        ("docker.io", "dockerhub", "https://index.docker.io/v1/"),
        ("index.docker.io", "dockerhub", "https://index.docker.io/v1/"),
        ("registry-1.docker.io", "dockerhub", "https://index.docker.io/v1/"),
        ("myacr.azurecr.io", "acr", "myacr.azurecr.io"),
        ("MyAcr.azurecr.cn:443", "acr", "MyAcr.azurecr.cn:443"),
        ("gcr.io/my-project", "gcr", "gcr.io"),
        ("eu.gcr.io", "gcr", "eu.gcr.io"),
        ("us-central1-docker.pkg.dev", "gar", "us-central1-docker.pkg.dev"),
        (ECR, "ecr", ECR),
        ("123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com", "ecr", None),
        ("123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn", "ecr", None),
        ("123456789012.dkr-ecr.us-west-2.on.aws", "ecr", None),
        ("123456.dkr.ecr.us-east-1.amazonaws.com", "unknown", None),
        ("public.ecr.aws", "ecr-public", "public.ecr.aws"),
        ("mycompany.jfrog.io/docker-local", "jfrog", "mycompany.jfrog.io"),
        ("team-repo.jfrog.io", "jfrog", None),
        ("quay.io", "quay", "quay.io"),
        ("ghcr.io", "ghcr", "ghcr.io"),
        ("harbor.example.com", "harbor", "harbor.example.com"),
        ("registry.gitlab.com", "gitlab", "registry.gitlab.com"),
        ("registry.cn-hangzhou.aliyuncs.com", "alibaba", None),
        ("registry-vpc.cn-hangzhou.aliyuncs.com", "alibaba", None),
        ("mine-registry.cn-hangzhou.cr.aliyuncs.com", "alibaba", None),
        ("us.icr.io", "ibm", None),
        ("cp.icr.io", "ibm", None),
        ("private.de.icr.io", "ibm", None),
        ("fra.ocir.io", "oci", None),
        ("ocir.eu-frankfurt-1.oci.oraclecloud.com", "oci", None),
        ("registry.k8s.io", "k8s", ""),
        ("k8s.gcr.io", "k8s", ""),
        ("mcr.microsoft.com", "mcr", ""),
        ("nvcr.io", "ngc", "nvcr.io"),
        ("registry.redhat.io", "redhat", "registry.redhat.io"),
        ("registry.access.redhat.com", "redhat", ""),
        ("myregistry.example.com", "unknown", "myregistry.example.com"),
        ("localhost:5000", "unknown", "localhost:5000"),
        ("192.168.1.10:5000", "unknown", "192.168.1.10:5000"),
        ("foo.azurecr.io.example", "unknown", None),
        ("quay.io.example", "unknown", None),
        ("notquay.io", "unknown", None),
    ],
)
def test_provider_is_told_by_the_whole_host(registry, id, server):
    found = provider_of(registry)
    assert found.id == id
    assert server is None or found.server == server


@pytest.mark.parametrize(
    ("registry", "groups"),
    [
        (ECR, {"account": "123456789012", "region": "us-east-1"}),
        ("myacr.azurecr.io", {"name": "myacr"}),
        ("eu.gcr.io/my-project", {"location": "eu", "project": "my-project"}),
        ("us-docker.pkg.dev/p/r", {"location": "us", "project": "p", "repository": "r"}),
        ("mycompany.jfrog.io/docker-local", {"name": "mycompany", "repository": "docker-local"}),
        ("quay.io", {}),
    ],
)
def test_groups_name_what_host_and_path_hold(registry, groups):
    assert provider_of(registry).groups == groups


@pytest.mark.parametrize(
    ("registry", "words"),
    [
        ("123456.dkr.ecr.us-east-1.amazonaws.com", "looks like ECR, account must have 12 digits"),
        ("mine.azurecr.com", "looks like Azure Container Registry"),
        ("quay.com", "perhaps quay.io is meant"),
        ("ghcr.com", "perhaps ghcr.io is meant"),
        ("mine.jfrog.com", "looks like JFrog"),
    ],
)
def test_suspicion_is_raised_when_a_host_is_nearly_a_providers(registry, words):
    (suspicion,) = provider_of(registry).suspicion
    assert suspicion.startswith("CK112: ")
    assert words in suspicion


@pytest.mark.parametrize("registry", ["", ECR, "quay.io", "myregistry.example.com", "localhost:5000", "10.0.0.1"])
def test_suspicion_is_empty_when_a_host_looks_like_nothing_else(registry):
    assert provider_of(registry).suspicion == ()


def test_harbor_is_a_guess_and_ecr_is_short_lived():
    assert provider_of("harbor.example.com").is_guess
    assert not provider_of("quay.io").is_guess
    assert provider_of(ECR).short_lived
    assert provider_of("mcr.microsoft.com").is_public


@pytest.mark.parametrize(
    ("host", "known"),
    [("quay.io", True), ("registry.example.com", True), ("docker.elastic.co", True), ("myhost.example.com", False)],
)
def test_registry_is_known_by_provider_or_telling_word(host, known):
    assert is_known_registry(host) is known
