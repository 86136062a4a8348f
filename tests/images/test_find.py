"""Images in rendered charts: where they are found, how sure it is, and what is left alone."""

from __future__ import annotations

import base64
import json

import pytest

from chartkit.engine.release import Release
from chartkit.images.find import find_images
from chartkit.images.use import Certainty, Resource
from chartkit.values.inputs import read_values

CERTAIN, LIKELY, POSSIBLE = Certainty.CERTAIN, Certainty.LIKELY, Certainty.POSSIBLE
DIGEST = "sha256:" + "a1" * 32

PODS = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  template:
    spec:
      volumes:
      - name: model
        image: {reference: "quay.io/models/m:1"}
      initContainers:
      - {name: wait, image: busybox}
      containers:
      - name: web
        image: "quay.io/shop/web:1.0"
      ephemeralContainers:
      - {name: debug, image: docker.io/library/alpine:3}
"""


def told(uses):
    return [(use.text, use.certainty, use.place) for use in uses]


def custom(spec, kind="Widget", group="example.com"):
    return f"apiVersion: {group}/v1\nkind: {kind}\nmetadata: {{name: x}}\nspec:\n{spec}"


def config(text, kind="ConfigMap"):
    body = "".join(f"    {line}\n" for line in text.splitlines())
    return f"apiVersion: v1\nkind: {kind}\nmetadata: {{name: x}}\ndata:\n  file: |\n{body}"


def pod(container):
    return f"apiVersion: v1\nkind: Pod\nmetadata: {{name: p}}\nspec:\n  containers:\n  - name: c\n{container}"


def test_every_kind_of_container_and_the_image_volume_are_found_in_a_pod(find):
    uses = find(PODS)
    assert [(use.text, use.pointer) for use in uses] == [
        ("quay.io/models/m:1", "/spec/template/spec/volumes/0/image/reference"),
        ("busybox", "/spec/template/spec/initContainers/0/image"),
        ("quay.io/shop/web:1.0", "/spec/template/spec/containers/0/image"),
        ("docker.io/library/alpine:3", "/spec/template/spec/ephemeralContainers/0/image"),
    ]
    assert {use.certainty for use in uses} == {CERTAIN}
    assert [use.container for use in uses] == ["", "wait", "web", "debug"]
    assert {use.resource for use in uses} == {Resource("Deployment", "web", "shop")}


def test_span_and_position_show_the_image_in_the_rendered_file(compiled):
    program = compiled({"templates/all.yaml": f"kind: ConfigMap\napiVersion: v1\n---\n{PODS}"})
    rendering = program.render(read_values(program.chart), Release("rel"))
    for use in find_images(rendering):
        assert rendering.files[use.manifest.file][slice(*use.span)] == use.text
        assert use.manifest.index == 1
    web = next(use for use in find_images(rendering) if use.container == "web")
    assert str(web.position) == "demo/templates/all.yaml:17:17"


@pytest.mark.parametrize(
    ("head", "way"),
    [
        ("apiVersion: v1\nkind: Pod", "spec"),
        ("apiVersion: v1\nkind: PodTemplate", "template.spec"),
        ("apiVersion: v1\nkind: ReplicationController", "spec.template.spec"),
        ("apiVersion: apps/v1\nkind: ReplicaSet", "spec.template.spec"),
        ("apiVersion: apps/v1\nkind: Deployment", "spec.template.spec"),
        ("apiVersion: extensions/v1beta1\nkind: Deployment", "spec.template.spec"),
        ("apiVersion: apps/v1\nkind: StatefulSet", "spec.template.spec"),
        ("apiVersion: apps/v1\nkind: DaemonSet", "spec.template.spec"),
        ("apiVersion: batch/v1\nkind: Job", "spec.template.spec"),
        ("apiVersion: batch/v1\nkind: CronJob", "spec.jobTemplate.spec.template.spec"),
        ("apiVersion: argoproj.io/v1alpha1\nkind: Rollout", "spec.template.spec"),
        ("apiVersion: serving.knative.dev/v1\nkind: Service", "spec.template.spec"),
        ("apiVersion: apps.openshift.io/v1\nkind: DeploymentConfig", "spec.template.spec"),
    ],
)
def test_every_workload_kind_is_searched(find, head, way):
    keys = way.split(".")
    text = head + "\n" + "".join(f"{'  ' * depth}{key}:\n" for depth, key in enumerate(keys))
    indent = "  " * len(keys)
    (use,) = find(f"{text}{indent}containers:\n{indent}- {{name: c, image: a/b:1}}\n")
    assert (use.text, use.certainty, use.place) == ("a/b:1", CERTAIN, "pod")
    assert use.pointer == "/" + "/".join([*keys, "containers/0/image"])


def test_objects_of_a_list_are_searched_with_their_own_names(find):
    item = "- {apiVersion: v1, kind: Pod, metadata: {name: p%d}, spec: {containers: [{image: 'a:%d'}]}}\n"
    uses = find(f"apiVersion: v1\nkind: List\nitems:\n{item % (1, 1)}{item % (2, 2)}")
    assert [(use.text, use.resource.name, use.pointer) for use in uses] == [
        ("a:1", "p1", "/items/0/spec/containers/0/image"),
        ("a:2", "p2", "/items/1/spec/containers/0/image"),
    ]


def test_hooks_and_tests_are_tagged_and_follow_the_rest(find):
    hook = "metadata: {name: %s, annotations: {helm.sh/hook: %s}}"
    documents = [
        pod("    image: a:test").replace("metadata: {name: p}", hook % ("t", "test")),
        pod("    image: a:hook").replace("metadata: {name: p}", hook % ("h", '"pre-install,test"')),
        pod("    image: a:plain"),
    ]
    uses = find("\n---\n".join(documents))
    assert [(use.text, use.events, use.is_test) for use in uses] == [
        ("a:plain", (), False),
        ("a:test", ("test",), True),
        ("a:hook", ("pre-install", "test"), False),
    ]


@pytest.mark.parametrize(
    ("image", "text", "fault"),
    [
        ('"repo/app:"', "repo/app:", "invalid reference format"),
        ('""', "", "invalid reference format"),
        ("Repo/app:1", "Repo/app:1", ""),
        ("repo/App:1", "repo/App:1", "invalid reference format: repository name (repo/App) must be lowercase"),
        ("/app:1", "/app:1", "invalid reference format"),
        ("1.10", "1.10", "an image must be a string"),
        ("{a: b}", "", "an image must be a string"),
    ],
)
def test_what_a_container_calls_its_image_is_told_even_if_it_is_no_reference(find, image, text, fault):
    (use,) = find(pod(f"    image: {image}"))
    assert (use.text, use.fault, use.certainty) == (text, fault, CERTAIN)
    assert (use.reference is None) is bool(fault)


def test_istio_auto_is_only_possible_when_an_injector_is_asked_for(find):
    marked = pod("    image: auto").replace("{name: p}", "{name: p, annotations: {inject.istio.io/templates: gateway}}")
    assert told(find(marked)) == [("auto", POSSIBLE, "pod")]
    assert told(find(pod("    image: auto"))) == [("auto", CERTAIN, "pod")]


@pytest.mark.parametrize(
    ("items", "found"),
    [
        (["--prometheus-config-reloader=quay.io/po/reloader:v0.93.1"], ["quay.io/po/reloader:v0.93.1"]),
        (["--thanos-default-base-image=quay.io/thanos/thanos:v0.42.4"], ["quay.io/thanos/thanos:v0.42.4"]),
        (["-sidecar-image=example/envoy:v1.15.1.0-prod"], ["example/envoy:v1.15.1.0-prod"]),
        (["--initImage=ghcr.io/x/gateway:v1.6.1"], ["ghcr.io/x/gateway:v1.6.1"]),
        (["--executor-image", "quay.io/argoproj/argoexec:v4.0.6"], ["quay.io/argoproj/argoexec:v4.0.6"]),
        (["--engine-image", "docker.io/longhornio/engine:master-head"], ["docker.io/longhornio/engine:master-head"]),
        (["--runner-image=docker:dind"], ["docker:dind"]),
        (["exec app \\\n -a-image=\"m.example.com/a/b:1\" \\\n -b-image=c/d:2"], ["m.example.com/a/b:1", "c/d:2"]),
        (['{"sidecarImage": "a/b:1"}'], ["a/b:1"]),
        (["--image-pull-policy=Always", "--image-tag=1.2.3", "--images-dir=/data"], []),
        (["--with-image=true", "--log-level=info", "--listen=0.0.0.0:8080"], []),
        (["--repo=https://github.com/org/repo:1.0", "--db=postgres://db:5432/x", "--upstream=svc.ns.svc:9000"], []),
        (["--label=app.kubernetes.io/component:template"], []),
    ],
)  # fmt: skip
def test_arguments_are_images_by_flag_or_by_looks(find, items, found):
    uses = find(pod(f"    args: {json.dumps(items)}"))
    assert told(uses) == [(text, LIKELY, "args") for text in found]


def test_variables_in_arguments_are_put_in(find):
    container = """\
    env:
    - {name: REGISTRY, value: quay.io}
    - {name: RELOADER, value: $(REGISTRY)/po/reloader:1.0}
    args: ["--reloader=$(RELOADER)", "--other-image=$(UNKNOWN)", "--price=$$(RELOADER)"]
"""
    (use,) = [use for use in find(pod(container)) if use.place == "args"]
    assert (use.text, use.certainty) == ("quay.io/po/reloader:1.0", LIKELY)


@pytest.mark.parametrize(
    ("name", "value", "found"),
    [
        ("RELATED_IMAGE_DATABASE", "docker.io/bitnami/arangodb:3.11", [("docker.io/bitnami/arangodb:3.11", LIKELY)]),
        ("SIDECAR_IMAGE", "ghcr.io/dapr/daprd:edge", [("ghcr.io/dapr/daprd:edge", LIKELY)]),
        ("AWS-SIGV4-PROXY-IMAGE", "a/proxy:1", [("a/proxy:1", LIKELY)]),
        ("IMAGE_NAME", "public.ecr.aws/datadog/cloudprem", [("public.ecr.aws/datadog/cloudprem", LIKELY)]),
        ("KAFKA_IMAGES", "4.2.0=quay.io/s/kafka:1-4.2.0\n4.2.1=quay.io/s/kafka:1-4.2.1\n",
         [("quay.io/s/kafka:1-4.2.0", LIKELY), ("quay.io/s/kafka:1-4.2.1", LIKELY)]),
        ("HELPER", f"quay.io/a/b@{DIGEST}", [(f"quay.io/a/b@{DIGEST}", LIKELY)]),
        ("TRIVY_DB_REPOSITORY", "ghcr.io/aqua/trivy-db:2", [("ghcr.io/aqua/trivy-db:2", POSSIBLE)]),
        ("IMAGE_TAG", "1.2.3", []),
        ("IMAGE_PULL_POLICY", "always", []),
        ("IMAGE_REGISTRY", "quay.io", []),
        ("TEMPLATE_LABELS", "app.kubernetes.io/component:template", []),
        ("DATABASE_URL", "db.example.com:5432/name", []),
        ("GIT_REPOSITORY", "github.com/org/repo:v1.0", []),
        ("CHART", "oci://ghcr.io/org/charts/x:1.0", []),
    ],
)  # fmt: skip
def test_variables_are_images_by_name_or_by_looks(find, name, value, found):
    uses = find(pod(f"    env:\n    - name: {name}\n      value: {json.dumps(value)}"))
    assert told(uses) == [(text, certainty, "env") for text, certainty in found]


@pytest.mark.parametrize(
    ("group", "kind", "spec", "text"),
    [
        ("monitoring.coreos.com", "Prometheus", "  image: quay.io/prometheus/p:v3", "quay.io/prometheus/p:v3"),
        ("monitoring.coreos.com", "ThanosRuler", "  image: mine/thanos", "mine/thanos"),
        ("postgresql.cnpg.io", "Cluster", "  imageName: pg", "pg"),
        ("pxc.percona.com", "PerconaXtraDBCluster", "  haproxy: {image: percona/haproxy}", "percona/haproxy"),
        ("ceph.rook.io", "CephCluster", "  cephVersion: {image: quay.io/ceph/ceph:v20}", "quay.io/ceph/ceph:v20"),
        ("kafka.strimzi.io", "Kafka", "  kafka: {image: strimzi/kafka}", "strimzi/kafka"),
        ("tekton.dev", "Task", "  steps:\n  - {name: a, image: bash}", "bash"),
        ("argoproj.io", "Workflow", "  templates:\n  - container: {image: alpine}", "alpine"),
        ("solr.apache.org", "SolrCloud", "  solrImage: {repository: solr}", "solr"),
        ("ray.io", "RayCluster", "  head: {template: {spec: {containers: [{name: c, image: ray}]}}}", "ray"),
        ("litmuschaos.io", "ChaosExperiment", "  definition: {image: 'go:{{\"{{x}}\"}}'}", "go:{{x}}"),
    ],
)  # fmt: skip
def test_fields_that_operators_define_are_certain(find, group, kind, spec, text):
    assert told(find(custom(spec, kind, group))) == [(text, CERTAIN, "custom resource")]


@pytest.mark.parametrize(
    ("spec", "found"),
    [
        ("  image: a/b:1", [("a/b:1", LIKELY)]),
        ("  reloaderImage: ghcr.io/a/b", [("ghcr.io/a/b", LIKELY)]),
        ("  image: {repository: a/b, tag: 1.10, registry: quay.io}", [("quay.io/a/b:1.1", LIKELY)]),
        ("  image: {registry: quay.io, repository: a/b, digest: " + DIGEST + "}", [(f"quay.io/a/b@{DIGEST}", LIKELY)]),
        ("  driver: {repository: nvcr.io/nvidia, image: d, version: '595'}", [("nvcr.io/nvidia/d:595", POSSIBLE)]),
        ("  driver: {repository: nvcr.io/nvidia, image: driver, version: '5.5', imagePullPolicy: Always}",
         [("nvcr.io/nvidia/driver:5.5", LIKELY)]),
        ("  baseImage: quay.io/a/b\n  version: v1.5.2", [("quay.io/a/b:v1.5.2", LIKELY)]),
        ("  images: [a/b:1, c/d:2]", [("a/b:1", LIKELY), ("c/d:2", LIKELY)]),
        ("  values: |\n    image: {repository: a/b, tag: '1'}", [("a/b:1", LIKELY)]),
        ("  image: nginx", [("nginx", POSSIBLE)]),
        ("  image: assets/logo.png", []),
        ("  git: {repository: 'https://github.com/a/b', tag: v1}", []),
        ("  backup: {repository: mydb}", []),
        ("  description: 'for example image: a/b:1'", [("a/b:1", POSSIBLE)]),
        ("  imagePullSecrets: [{name: regcred}]\n  imagePullPolicy: Always", []),
        ("  url: https://quay.io/a/b:1", []),
    ],
)  # fmt: skip
def test_other_custom_resources_are_judged_by_names_and_looks(find, spec, found):
    uses = [(use.text, use.certainty) for use in find(custom(spec))]
    assert uses == found


def test_image_in_parts_tells_where_each_part_stands(compiled):
    program = compiled({"templates/all.yaml": custom("  image:\n    repository: a/b\n    tag: 1.10\n")})
    rendering = program.render(read_values(program.chart), Release("rel"))
    (use,) = find_images(rendering)
    text = rendering.files[use.manifest.file]
    assert (use.text, use.pointer, use.span) == ("a/b:1.1", "/spec/image", None)
    assert [(piece.part, piece.pointer, text[slice(*piece.span)]) for piece in use.pieces] == [
        ("repository", "/spec/image/repository", "a/b"),
        ("tag", "/spec/image/tag", "1.10"),
    ]
    assert str(use.position) == "demo/templates/all.yaml:6:17"


@pytest.mark.parametrize(
    ("kind", "group"),
    [("ClusterPolicy", "kyverno.io"), ("K8sAllowedRepos", "constraints.gatekeeper.sh"), ("PrometheusRule", "x.com")],
)
def test_policies_only_speak_of_images(find, kind, group):
    assert told(find(custom("  image: quay.io/a/b:1", kind, group))) == [("quay.io/a/b:1", POSSIBLE, "custom resource")]


def test_definitions_of_custom_resources_hold_no_image(find):
    schema = "  versions: [{schema: {properties: {image: {default: a/b:1, type: string}}}}]"
    assert find(custom(schema, "CustomResourceDefinition", "apiextensions.k8s.io")) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("eventBus:\n  versions:\n  - natsStreamingImage: nats-streaming:0.22.1\n    metricsExporterImage: n/e:0.8",
         [("nats-streaming:0.22.1", "/eventBus/versions/0/natsStreamingImage"),
          ("n/e:0.8", "/eventBus/versions/0/metricsExporterImage")]),
        ('{"executor": {"image": "kubeshop/k6:2.1"}}', [("kubeshop/k6:2.1", "/executor/image")]),
        ("kind: Pod\napiVersion: v1\nspec: {containers: [{image: 'a:1'}]}", [("a:1", "/spec/containers/0/image")]),
        ("a: 1\n---\nimage: a/b:1", [("a/b:1", "/image")]),
        ("[[runners]]\n  image = \"a/b:1\"\n  helper_image = \"c/d:2\"", [("a/b:1", ""), ("c/d:2", "")]),
        ("x: {{`{{ .Live }}`}}: y\n  image: quay.io/a/b:1\n", [("quay.io/a/b:1", "")]),
        ("docker run --rm quay.io/a/b:1 sh", [("quay.io/a/b:1", "")]),
        ("# image: a/b:1\nno: thing", []),
        ("see https://quay.io/a/b:1 and image", []),
        ("image: {{`{{ .Values.image }}`}}", []),
        ("logo: image\nimagePullPolicy: Always", []),
    ],
)  # fmt: skip
def test_texts_in_config_maps_are_read_as_what_they_are(find, text, found):
    uses = find(config(text))
    assert [(use.text, use.inner[-1]) for use in uses] == found
    assert {(use.certainty, use.place, use.resource.kind, use.pointer) for use in uses} <= {
        (LIKELY, "embedded", "ConfigMap", "/data/file")
    }


def test_spans_reach_through_block_scalars_to_the_characters(compiled):
    nested = "outer: |\n  deep:\n    image: quay.io/a/b:1 # c\n"
    program = compiled({"templates/all.yaml": config(nested)})
    rendering = program.render(read_values(program.chart), Release("rel"))
    (use,) = find_images(rendering)
    assert use.inner == ("/outer", "/deep/image")
    assert rendering.files[use.manifest.file][slice(*use.span)] == "quay.io/a/b:1"


def test_span_is_the_whole_scalar_when_the_characters_are_not_there(compiled):
    secret = base64.b64encode(b"image: quay.io/a/b:1\n").decode()
    document = f"apiVersion: v1\nkind: Secret\nmetadata: {{name: x}}\ndata:\n  file: {secret}\n"
    program = compiled({"templates/all.yaml": document})
    rendering = program.render(read_values(program.chart), Release("rel"))
    (use,) = find_images(rendering)
    assert (use.text, use.pointer, use.inner[-1]) == ("quay.io/a/b:1", "/data/file", "/image")
    assert rendering.files[use.manifest.file][slice(*use.span)] == secret


def test_secret_texts_are_read_plain_under_string_data(find):
    document = "apiVersion: v1\nkind: Secret\nmetadata: {name: x}\nstringData:\n  image: quay.io/a/b:1\n"
    assert told(find(document)) == [("quay.io/a/b:1", LIKELY, "embedded")]


def test_annotations_of_objects_and_pod_templates_are_searched(find):
    document = PODS.replace("shop}", "shop, annotations: {a.io/image: 'quay.io/a/b:1'}}").replace(
        "  template:\n", "  template:\n    metadata: {annotations: {sidecar.istio.io/proxyImage: 'quay.io/i/p:2'}}\n"
    )
    uses = [use for use in find(document) if use.place == "annotation"]
    assert [(use.text, use.pointer, use.certainty) for use in uses] == [
        ("quay.io/a/b:1", "/metadata/annotations/a.io~1image", LIKELY),
        ("quay.io/i/p:2", "/spec/template/metadata/annotations/sidecar.istio.io~1proxyImage", LIKELY),
    ]


@pytest.mark.parametrize("key", ["helm.sh/images", "artifacthub.io/images", "images"])
def test_declared_images_are_possible_and_stand_in_chart_yaml(find, key):
    metadata = f"annotations:\n  {key}: |\n    - name: web\n      image: quay.io/a/b:1\n    - image: c/d:2\n"
    uses = find(pod("    image: quay.io/a/b:1"), metadata=metadata)
    assert told(uses) == [
        ("quay.io/a/b:1", CERTAIN, "pod"),
        ("quay.io/a/b:1", POSSIBLE, "chart annotation"),
        ("c/d:2", POSSIBLE, "chart annotation"),
    ]
    assert uses[1].manifest.file == "demo/Chart.yaml"
    assert uses[1].manifest.text[slice(*uses[1].span)] == "quay.io/a/b:1"


@pytest.mark.parametrize(
    "document",
    [
        "apiVersion: v1\nkind: Service\nmetadata: {name: image}\nspec: {selector: {image: a/b}}",
        "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: x}\nimagePullSecrets: [{name: image}]",
        "apiVersion: v1\nkind: Pod\nmetadata: {name: x}\nspec: {containers: [{name: image}]}",
        "apiVersion: v1\nkind: Pod\nmetadata: {name: image}\nspec: null",
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: image}\ndata: null",
        "",
    ],
)
def test_nothing_is_found_where_no_image_is(find, document):
    assert find(document) == []
