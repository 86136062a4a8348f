"""How the images of pods are pulled: the verdicts, by the kubelet's rules and those of service accounts."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from dataclasses import replace
from json import dumps
from textwrap import indent

import pytest

from chartkit.checks.coverage import Coverage, Known, Need, Verdict, coverages, need
from chartkit.checks.pods import Account
from chartkit.checks.registry_pattern import read_pattern
from chartkit.checks.rendered_secrets import Secret
from chartkit.checks.subject import Subject
from chartkit.oci.docker_config import read_docker_config
from chartkit.reference import ImageReference
from chartkit.source import Source

Build = Callable[..., Subject]

NO_DEPLOYMENT = {"deployment.yaml": ""}


def config(*servers: str) -> str:
    return dumps({"auths": {server: {"auth": b64encode(b"u:p").decode()} for server in servers}})


def secret(name: str, *servers: str, text: str = "", more: str = "") -> str:
    data = b64encode((text or config(*servers)).encode()).decode()
    head = f"apiVersion: v1\nkind: Secret\nmetadata: {{name: {name}{more}}}\n"
    return f"{head}type: kubernetes.io/dockerconfigjson\ndata: {{.dockerconfigjson: {data}}}\n"


def pod(spec: str, kind: str = "Pod", more: str = "", api: str = "v1") -> str:
    depth = {"Pod": 0, "CronJob": 2}.get(kind, 1)
    way = (
        "spec:\n",
        "spec:\n  template:\n    spec:\n",
        "spec:\n  jobTemplate:\n    spec:\n      template:\n        spec:\n",
    )
    head = f"apiVersion: {api}\nkind: {kind}\nmetadata: {{name: p{more}}}\n{way[depth]}"
    return head + indent(spec, " " * (2, 6, 10)[depth])


def account(name: str, *secrets: str, more: str = "") -> str:
    listed = ", ".join(f"{{name: {each}}}" for each in secrets)
    return f"apiVersion: v1\nkind: ServiceAccount\nmetadata: {{name: {name}{more}}}\nimagePullSecrets: [{listed}]\n"


PRIVATE = "containers: [{name: c, image: r.example.com/a/b:1}]\n"
NAMED = f"imagePullSecrets: [{{name: regcred}}]\n{PRIVATE}"


def judged(build: Build, *documents: str, known: Known | None = None, namespace: str = "ns") -> list[Coverage]:
    subject = build(templates={**NO_DEPLOYMENT, "all.yaml": "\n---\n".join(documents)})
    return list(coverages(replace(subject, namespace=namespace), known or Known()))


def verdicts(build: Build, *documents: str, **more: object) -> list[Verdict]:
    return [each.verdict for each in judged(build, *documents, **more)]


# The facts about keys and images are those of the kubelet's own tests and of runs of its matching.
@pytest.mark.parametrize(
    ("server", "image", "verdict"),
    [
        ("https://myregistry.example.com", "myregistry.example.com/a/b", Verdict.COVERED),
        ("myregistry.example.com", "myregistry.example.com:5000/a", Verdict.UNCOVERED),
        ("https://index.docker.io/v1/", "orkesio/x", Verdict.COVERED),
        ("https://index.docker.io/v1/", "myregistry.example.com/x", Verdict.UNCOVERED),
        ("*.azurecr.io", "myacr.azurecr.io/p/x", Verdict.COVERED),
        ("azurecr.io", "myacr.azurecr.io/p/x", Verdict.UNCOVERED),
        ("https://reg.example.com/team", "reg.example.com/team/dag:0", Verdict.COVERED),
        ("https://reg.example.com/team", "reg.example.com/team2/x", Verdict.COVERED),
        ("https://reg.example.com/team", "reg.example.com/other/x", Verdict.UNCOVERED),
        ("mycompany.jfrog.io", "mycompany.jfrog.io/docker-local/x", Verdict.COVERED),
        ("https://r.example.com/v1", "r.example.com/x", Verdict.UNCOVERED),
    ],
)
def test_an_image_is_covered_by_the_rules_of_the_kubelet(
    build: Build, server: str, image: str, verdict: Verdict
) -> None:
    spec = f"imagePullSecrets: [{{name: regcred}}]\ncontainers: [{{name: c, image: '{image}'}}]\n"
    assert verdicts(build, pod(spec), secret("regcred", server)) == [verdict]


@pytest.mark.parametrize(
    ("kind", "api"),
    [
        ("Pod", "v1"),
        ("Deployment", "apps/v1"),
        ("StatefulSet", "apps/v1"),
        ("DaemonSet", "apps/v1"),
        ("ReplicaSet", "apps/v1"),
        ("ReplicationController", "v1"),
        ("Job", "batch/v1"),
        ("CronJob", "batch/v1"),
        ("Rollout", "argoproj.io/v1alpha1"),
    ],
)
def test_pods_of_every_kind_are_judged(build: Build, kind: str, api: str) -> None:
    assert verdicts(build, pod(NAMED, kind, api=api), secret("regcred", "r.example.com")) == [Verdict.COVERED]
    assert verdicts(build, pod(NAMED, kind, api=api), secret("regcred", "quay.io")) == [Verdict.UNCOVERED]


def test_every_container_and_image_volume_of_a_pod_is_judged(build: Build) -> None:
    spec = (
        "imagePullSecrets: [{name: regcred}]\n"
        "initContainers: [{name: i, image: 'r.example.com/i:1'}]\n"
        "containers: [{name: c, image: 'r.example.com/c:1'}]\n"
        "ephemeralContainers: [{name: e, image: 'other.example.com/e:1'}]\n"
        "volumes: [{name: v, image: {reference: 'other.example.com/v:1'}}]\n"
    )
    found = judged(build, pod(spec), secret("regcred", "r.example.com"))
    assert {each.use.text: each.verdict for each in found} == {
        "r.example.com/i:1": Verdict.COVERED,
        "r.example.com/c:1": Verdict.COVERED,
        "other.example.com/e:1": Verdict.UNCOVERED,
        "other.example.com/v:1": Verdict.UNCOVERED,
    }


@pytest.mark.parametrize(
    ("spec", "documents", "verdict", "names"),
    [
        (PRIVATE, [account("default", "sa")], Verdict.COVERED, ("sa",)),
        (f"serviceAccountName: own\n{PRIVATE}", [account("own", "sa")], Verdict.COVERED, ("sa",)),
        (f"serviceAccount: own\n{PRIVATE}", [account("own", "sa")], Verdict.COVERED, ("sa",)),
        (f"serviceAccountName: own\n{PRIVATE}", [account("default", "sa"), account("own")], Verdict.UNCOVERED, ()),
        (f"imagePullSecrets: [{{name: hub}}]\n{PRIVATE}", [account("default", "sa")], Verdict.UNCOVERED, ("hub",)),
        (f"imagePullSecrets: [{{}}]\n{PRIVATE}", [account("default", "sa")], Verdict.UNCOVERED, ()),
        (f"imagePullSecrets: []\n{PRIVATE}", [account("default", "sa")], Verdict.COVERED, ("sa",)),
        (f"serviceAccountName: own\n{PRIVATE}", [], Verdict.EXTERNAL, ("ServiceAccount own",)),
        (PRIVATE, [], Verdict.UNCOVERED, ()),
        (PRIVATE, [account("default", "sa", more=", namespace: other")], Verdict.UNCOVERED, ()),
    ],
    ids=["default", "named", "old field", "not the default", "own list", "useless list", "no list", "elsewhere", "none"]
    + ["other namespace"],
)
def test_a_service_account_counts_only_where_the_pod_lists_nothing(
    build: Build, spec: str, documents: list[str], verdict: Verdict, names: tuple[str, ...]
) -> None:
    (found,) = judged(build, pod(spec), secret("sa", "r.example.com"), secret("hub", "quay.io"), *documents)
    assert (found.verdict, found.secrets) == (verdict, names)


def test_a_secret_of_another_namespace_is_of_no_use(build: Build) -> None:
    (found,) = judged(build, pod(NAMED), secret("regcred", "r.example.com", more=", namespace: other"))
    assert found.verdict is Verdict.UNCOVERED
    assert found.reason.endswith("regcred is rendered into namespace other, the pod is in ns")


def test_the_namespace_of_the_release_may_be_written_or_not(build: Build) -> None:
    spec = pod(NAMED, more=", namespace: ns")
    assert verdicts(build, spec, secret("regcred", "r.example.com")) == [Verdict.COVERED]


@pytest.mark.parametrize(
    ("event", "more", "verdict"),
    [
        ("pre-install", "", Verdict.UNCOVERED),
        ("pre-install", ", annotations: {helm.sh/hook: pre-install}", Verdict.COVERED),
        ("pre-install", ", annotations: {helm.sh/hook: pre-install, helm.sh/hook-weight: '5'}", Verdict.UNCOVERED),
        ("pre-install", ", annotations: {helm.sh/hook: pre-install, helm.sh/hook-weight: '-5'}", Verdict.COVERED),
        ("pre-upgrade", "", Verdict.COVERED),
        ("post-install", "", Verdict.COVERED),
        ("test", "", Verdict.COVERED),
        ("post-delete", "", Verdict.UNCOVERED),
        ("", ", annotations: {helm.sh/hook: pre-install}", Verdict.COVERED),
        (
            "",
            ", annotations: {helm.sh/hook: pre-install, helm.sh/hook-delete-policy: hook-succeeded}",
            Verdict.UNCOVERED,
        ),
    ],
)
def test_hooks_have_the_secrets_of_their_time_only(build: Build, event: str, more: str, verdict: Verdict) -> None:
    hook = f", annotations: {{helm.sh/hook: {event}}}" if event else ""
    (found,) = judged(build, pod(NAMED, "Job", hook, "batch/v1"), secret("regcred", "r.example.com", more=more))
    assert found.verdict is verdict
    assert ("hook" in found.reason) is (verdict is Verdict.UNCOVERED)


def test_a_secret_that_cannot_be_read_stops_every_image_of_the_pod(build: Build) -> None:
    broken = dumps({"auths": {"quay.io": {"auth": b64encode(b"nocolon").decode()}}})
    spec = "imagePullSecrets: [{name: good}, {name: bad}]\n" + PRIVATE.replace("]", ", {name: d, image: 'nginx:1'}]")
    found = judged(build, pod(spec), secret("good", "r.example.com"), secret("bad", text=broken))
    assert [(each.verdict, each.is_broken) for each in found] == [(Verdict.UNCOVERED, True)] * 2


def test_a_secret_of_another_type_is_passed_over(build: Build) -> None:
    opaque = secret("bad", "quay.io").replace("kubernetes.io/dockerconfigjson", "Opaque")
    spec = f"imagePullSecrets: [{{name: bad}}, {{name: good}}]\n{PRIVATE}"
    assert verdicts(build, pod(spec), opaque, secret("good", "r.example.com")) == [Verdict.COVERED]
    (found,) = judged(build, pod(spec.replace("{name: good}", "{name: bad}")), opaque)
    assert found.reason.endswith("bad: its type is Opaque, and must be kubernetes.io/dockerconfigjson")


def test_secrets_that_are_not_rendered_are_external_until_they_are_given(build: Build) -> None:
    (found,) = judged(build, pod(NAMED))
    assert (found.verdict, found.secrets) == (Verdict.EXTERNAL, ("regcred",))
    for name, namespace, verdict in [
        ("regcred", "", Verdict.COVERED),
        ("", "", Verdict.COVERED),
        ("regcred", "ns", Verdict.COVERED),
        ("regcred", "other", Verdict.EXTERNAL),
        ("else", "", Verdict.EXTERNAL),
    ]:
        known = Known(secrets=(given(name, namespace, "r.example.com"),))
        assert verdicts(build, pod(NAMED), known=known) == [verdict]
    known = Known(secrets=(given("regcred", "", "quay.io"),))
    assert verdicts(build, pod(NAMED), known=known) == [Verdict.UNCOVERED]


def given(name: str, namespace: str, *servers: str) -> Secret:
    entries = read_docker_config(Source("config.json", config(*servers))).entries
    return Secret(name, namespace, entries, file="config.json")


def test_service_accounts_of_the_cluster_may_be_given(build: Build) -> None:
    known = Known(secrets=(given("sa", "", "r.example.com"),), accounts=(Account("own", "ns", ("sa",)),))
    assert verdicts(build, pod(f"serviceAccountName: own\n{PRIVATE}"), known=known) == [Verdict.COVERED]


@pytest.mark.parametrize(
    ("image", "known", "verdict"),
    [
        ("registry.k8s.io/pause:3", {}, Verdict.PUBLIC),
        ("mcr.microsoft.com/a:1", {}, Verdict.PUBLIC),
        ("docker.elastic.co/a:1", {}, Verdict.PUBLIC),
        ("nginx:1", {}, Verdict.ANONYMOUS),
        ("quay.io/a/b:1", {}, Verdict.ANONYMOUS),
        ("quay.io/a/b:1", {"private": ["quay.io/a"]}, Verdict.UNCOVERED),
        ("r.example.com/a:1", {"public": ["r.example.com"]}, Verdict.PUBLIC),
        ("r.example.com/a:1", {"nodes": ["r.example.com"]}, Verdict.NODE),
        ("r.example.com/b/a:1", {"nodes": ["r.example.com/a"]}, Verdict.UNCOVERED),
        ("r.example.com:5000/a:1", {"nodes": ["r.example.com"]}, Verdict.UNCOVERED),
        ("123456789012.dkr.ecr.us-east-1.amazonaws.com/a:1", {}, Verdict.UNCOVERED),
    ],
)
def test_some_registries_need_no_secret(
    build: Build, image: str, known: dict[str, list[str]], verdict: Verdict
) -> None:
    told = Known(**{key: tuple(map(read_pattern, texts)) for key, texts in known.items()})
    assert verdicts(build, pod(f"containers: [{{name: c, image: '{image}'}}]\n"), known=told) == [verdict]


def test_an_image_that_is_never_pulled_needs_no_secret(build: Build) -> None:
    spec = "containers: [{name: c, image: 'r.example.com/a:1', imagePullPolicy: Never}]\n"
    assert verdicts(build, pod(spec)) == [Verdict.LOCAL]


def test_an_operators_resource_is_judged_by_the_list_around_the_image(build: Build) -> None:
    head = "apiVersion: monitoring.coreos.com/v1\nkind: Prometheus\nmetadata: {name: p}\nspec:\n"
    plain = f"{head}  image: r.example.com/a:1\n"
    listed = f"{plain}  imagePullSecrets: [{{name: regcred}}]\n"
    texts = f"{plain}  imagePullSecrets: [regcred]\n"
    known = secret("regcred", "r.example.com")
    assert verdicts(build, plain, known) == [Verdict.UNKNOWN]
    assert verdicts(build, listed, known) == [Verdict.COVERED]
    assert verdicts(build, texts, known) == [Verdict.COVERED]


def test_a_pod_in_a_text_is_judged_by_its_own_list(build: Build) -> None:
    for spec, verdict in [(NAMED, Verdict.COVERED), (PRIVATE, Verdict.UNKNOWN)]:
        text = indent(pod(spec), "    ")
        document = f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: m}}\ndata:\n  pod.yaml: |\n{text}"
        assert verdicts(build, document, secret("regcred", "r.example.com")) == [verdict]


def test_images_outside_pods_and_texts_that_are_none(build: Build) -> None:
    spec = "containers: [{name: c, image: 'R.example.com/A', args: ['--image=r.example.com/x:1']}]\n"
    assert verdicts(build, pod(spec)) == [Verdict.INVALID]


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        ("registry.access.redhat.com/ubi9:9", Need.NEVER),
        ("ghcr.io/a/b:1", Need.PERHAPS),
        ("a.azurecr.io/b", Need.SURELY),
    ],
)
def test_a_registry_says_whether_its_images_need_credentials(image: str, expected: Need) -> None:
    assert need(ImageReference.parse(image)) is expected


def test_reason_names_the_service_account_only_where_there_is_one(build: Build) -> None:
    (plain,) = judged(build, pod(PRIVATE))
    assert plain.reason == "its pod names no pull secret, and neither does its service account default"
    (useless,) = judged(build, pod(f"imagePullSecrets: [{{}}]\n{PRIVATE}"))
    assert useless.reason == "its pod names no pull secret"


def test_rendered_secret_of_no_known_namespace_is_not_taken_for_one_of_the_pods(build: Build) -> None:
    other = pod(NAMED, more=", namespace: elsewhere")
    assert verdicts(build, secret("regcred", "r.example.com"), other, namespace="") == [Verdict.EXTERNAL]
