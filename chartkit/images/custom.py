"""Custom resources whose fields are images by definition, and those that speak of images without using any.

A path is written as in a template, `*` standing for any key or list item. Everything that is not in these tables falls
to the general rule: the name of the field, and what its value looks like.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from chartkit.goyaml.positions import Path
from chartkit.manifests.podspec import api_group

_PROMETHEUS: Final = ("spec.image", "spec.thanos.image")
_PERCONA: Final = ("spec.image", "spec.initImage", "spec.*.image", "spec.*.*.image")
_ELASTIC: Final = ("spec.image",)

IMAGE_FIELDS: Final[Mapping[tuple[str, str], tuple[str, ...]]] = {
    ("monitoring.coreos.com", "Prometheus"): _PROMETHEUS,
    ("monitoring.coreos.com", "PrometheusAgent"): ("spec.image",),
    ("monitoring.coreos.com", "Alertmanager"): ("spec.image",),
    ("monitoring.coreos.com", "ThanosRuler"): ("spec.image",),
    ("kafka.strimzi.io", "*"): ("spec.image", "spec.*.image", "spec.*.*.image", "spec.build.output.image"),
    ("postgresql.cnpg.io", "Cluster"): ("spec.imageName",),
    ("postgresql.cnpg.io", "Pooler"): ("spec.template.spec.containers.*.image",),
    ("postgresql.cnpg.io", "ImageCatalog"): ("spec.images.*.image",),
    ("postgresql.cnpg.io", "ClusterImageCatalog"): ("spec.images.*.image",),
    ("pxc.percona.com", "*"): _PERCONA,
    ("psmdb.percona.com", "*"): _PERCONA,
    ("ps.percona.com", "*"): _PERCONA,
    ("pgv2.percona.com", "*"): _PERCONA,
    ("postgres-operator.crunchydata.com", "*"): _PERCONA,
    ("elasticsearch.k8s.elastic.co", "*"): _ELASTIC,
    ("kibana.k8s.elastic.co", "*"): _ELASTIC,
    ("apm.k8s.elastic.co", "*"): _ELASTIC,
    ("beat.k8s.elastic.co", "*"): _ELASTIC,
    ("agent.k8s.elastic.co", "*"): _ELASTIC,
    ("enterprisesearch.k8s.elastic.co", "*"): _ELASTIC,
    ("logstash.k8s.elastic.co", "*"): _ELASTIC,
    ("maps.k8s.elastic.co", "*"): _ELASTIC,
    ("rabbitmq.com", "RabbitmqCluster"): ("spec.image",),
    ("redis.redis.opstreelabs.in", "*"): ("spec.kubernetesConfig.image", "spec.redisExporter.image"),
    ("databases.spotahome.com", "RedisFailover"): ("spec.*.image", "spec.*.exporter.image"),
    ("mongodbcommunity.mongodb.com", "*"): ("spec.statefulSet.spec.template.spec.containers.*.image",),
    ("k8s.mariadb.com", "*"): ("spec.image", "spec.*.image"),
    ("crdb.cockroachlabs.com", "CrdbCluster"): ("spec.image.name",),
    ("ceph.rook.io", "CephCluster"): ("spec.cephVersion.image",),
    ("opentelemetry.io", "OpenTelemetryCollector"): ("spec.image", "spec.targetAllocator.image"),
    ("opentelemetry.io", "TargetAllocator"): ("spec.image",),
    ("opentelemetry.io", "OpAMPBridge"): ("spec.image",),
    ("opentelemetry.io", "Instrumentation"): ("spec.*.image",),
    ("jaegertracing.io", "Jaeger"): ("spec.*.image",),
    ("tekton.dev", "Task"): ("spec.steps.*.image", "spec.sidecars.*.image", "spec.stepTemplate.image"),
    ("tekton.dev", "ClusterTask"): ("spec.steps.*.image", "spec.sidecars.*.image", "spec.stepTemplate.image"),
    ("tekton.dev", "StepAction"): ("spec.image",),
    ("argoproj.io", "Workflow"): ("spec.templates.*.container.image", "spec.templates.*.script.image"),
    ("argoproj.io", "WorkflowTemplate"): ("spec.templates.*.container.image", "spec.templates.*.script.image"),
    ("argoproj.io", "ClusterWorkflowTemplate"): ("spec.templates.*.container.image", "spec.templates.*.script.image"),
    ("litmuschaos.io", "ChaosExperiment"): ("spec.definition.image",),
    ("actions.summerwind.dev", "*"): ("spec.template.spec.image", "spec.template.spec.dockerImage"),
    ("flink.apache.org", "FlinkDeployment"): ("spec.image",),
    ("sparkoperator.k8s.io", "SparkApplication"): ("spec.image", "spec.driver.image", "spec.executor.image"),
    ("nats.io", "NatsCluster"): ("spec.pod.reloaderImage", "spec.pod.metricsImage"),
    ("acid.zalan.do", "postgresql"): ("spec.dockerImage", "spec.sidecars.*.image"),
    ("acid.zalan.do", "OperatorConfiguration"): (
        "configuration.docker_image",
        "configuration.logical_backup.logical_backup_docker_image",
        "configuration.connection_pooler.connection_pooler_image",
    ),
    ("k8s.keycloak.org", "Keycloak"): ("spec.image",),
    ("minio.min.io", "Tenant"): ("spec.image", "spec.*.image"),
    ("grafana.integreatly.org", "Grafana"): ("spec.deployment.spec.template.spec.containers.*.image",),
    ("fluentbit.fluent.io", "*"): ("spec.image",),
    ("fluentd.fluent.io", "*"): ("spec.image",),
    ("pkg.crossplane.io", "*"): ("spec.package",),
    ("monitoring.grafana.com", "GrafanaAgent"): ("spec.image", "spec.configReloaderImage"),
    ("gateway.kusk.io", "EnvoyFleet"): ("spec.image",),
    ("solr.apache.org", "SolrCloud"): ("spec.solrImage", "spec.busyBoxImage", "spec.zookeeperRef.provided.image"),
    ("solr.apache.org", "SolrPrometheusExporter"): ("spec.image",),
    ("camel.apache.org", "IntegrationPlatform"): ("spec.build.baseImage",),
    ("testworkflows.testkube.io", "*"): (
        "spec.container.image",
        "spec.steps.*.run.image",
        "spec.steps.*.container.image",
    ),
    ("executor.testkube.io", "Executor"): ("spec.image",),
}  # fmt: skip

_SILENT_KINDS: Final = frozenset(("CustomResourceDefinition",))
_SPEAKING_GROUPS: Final = frozenset(
    (
        "kyverno.io", "templates.gatekeeper.sh", "constraints.gatekeeper.sh", "policies.kubewarden.io", "cilium.io",
        "image.toolkit.fluxcd.io", "source.toolkit.fluxcd.io", "policy.sigstore.dev", "rules.openreports.io",
    )
)  # fmt: skip
_SPEAKING_KINDS: Final = frozenset(("PrometheusRule", "ServiceMonitor", "PodMonitor", "GrafanaDashboard", "VMRule"))


def is_silent(kind: str) -> bool:
    """Whether objects of a kind describe fields and hold no image."""
    return kind in _SILENT_KINDS


def only_speaks(api_version: str, kind: str) -> bool:
    """Whether objects of a kind speak of images (policies, rules, dashboards) without running any."""
    return kind in _SPEAKING_KINDS or api_group(api_version) in _SPEAKING_GROUPS


def defined_fields(document: dict[str, Any], api_version: str, kind: str) -> frozenset[Path]:
    """The places in an object of a kind that are images by definition, as far as the object has them."""
    group = api_group(api_version)
    patterns = IMAGE_FIELDS.get((group, kind)) or IMAGE_FIELDS.get((group, "*")) or ()
    return frozenset(path for pattern in patterns for path in _matches(document, pattern.split("."), ()))


def _matches(value: Any, pattern: list[str], steps: Path) -> Iterator[Path]:
    if not pattern:
        yield steps
    elif pattern[0] == "*":
        items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        for key, child in items:
            yield from _matches(child, pattern[1:], (*steps, key))
    elif isinstance(value, dict) and pattern[0] in value:
        yield from _matches(value[pattern[0]], pattern[1:], (*steps, pattern[0]))
