"""What `chartkit kaapana check` can find."""

from __future__ import annotations

from typing import Final

from chartkit.checks.finding import Severity
from chartkit.checks.rule import Rule

URL_TEXT: Final = Rule(
    "CK302", "a registry whose URL is not the same text everywhere", Severity.ERROR,
    "Write it everywhere as host[:port]/path, letter for letter alike.",
    "The workflow's chart and the New Registry extension both name the pull secret by a hash of the text of "
    "custom_registry_url. A scheme, a slash at the end or an upper-case letter in one of them gives two names: the "
    "installer then names a secret that nobody made. The text is also put before the image's name as it stands.",
)  # fmt: skip
COLLISION: Final = Rule(
    "CK303", "two registries whose pull secrets have one name", Severity.WARNING,
    "Give one of the two registries another path.",
    "The name of a pull secret holds four digits of a hash: one of 65,536. Two registries with the same digits "
    "overwrite each other's secret.",
)  # fmt: skip
OPERATOR_SECRET: Final = Rule(
    "CK304", "an operator that does not name the pull secret of the custom registry", Severity.WARNING,
    "Add the name to image_pull_secrets, and have the secret in the namespace in which the task runs.",
    "The base operator names registry-secret, the platform's own, unless the operator says otherwise. The installer's "
    "pod gets the secret of the custom registry, the task's pod does not: from a registry that wants a login it cannot "
    "pull. The New Registry extension makes its secret in the services namespace only.",
)  # fmt: skip
OLD_REQUIREMENTS: Final = Rule(
    "CK305", "requirements.yaml in a chart of apiVersion v2", Severity.INFO,
    "Nothing needs doing; new charts list their dependencies in Chart.yaml.",
    "Helm reads requirements.yaml beside a Chart.yaml of apiVersion v2 all the same, and warns. The platform's "
    "examples are made so.",
)  # fmt: skip
SCANNER: Final = Rule(
    "CK306", "an image that the platform's installer reads wrongly", Severity.WARNING,
    "Do not rely on prefetching for this image; the task itself gets the right one.",
    "The installer looks for the images of the Airflow code with a pattern that drops the path between host and name, "
    "and that does not see hosts with a port, paths of several levels, digests, and `image = ` with blanks. What it "
    "fetches ahead of time is then another image, or none.",
)  # fmt: skip
BROKEN_IMAGE: Final = Rule(
    "CK307", "a rendered image with blanks or braces", Severity.ERROR,
    "Correct the template: one pair of braces too many, or a blank before the closing quote.",
    "What stands behind a template's closing braces is text. An image such as registry/name:0.0.0  }} is refused by "
    "Kubernetes with InvalidImageName.",
)  # fmt: skip
IMAGE_NAME: Final = Rule(
    "CK308", "an installer image whose name does not begin with dag-", Severity.ERROR,
    "Name the image of the DAG installer dag-NAME, in values.yaml and in its Dockerfile.",
    "global.image names the image with the Airflow code, and the objects made for it.",
)  # fmt: skip
LABEL: Final = Rule(
    "CK309", "a Dockerfile whose LABEL IMAGE is not global.image", Severity.ERROR,
    "Let LABEL IMAGE and global.image say the same.",
    "The chart pulls global.image; the platform's build names the image by the label.",
)  # fmt: skip
TAG: Final = Rule(
    "CK310", "an installer whose tag is not the version asked for", Severity.ERROR,
    "Build the dependency anew (chartkit dependency update), and push the installer's image with its version as tag.",
    "The installer's image gets the version of the dag-installer-chart as its tag: 0.0.0, unless the platform built "
    "the chart. Another version in charts/ than the one asked for gives a tag that nobody pushed.",
)  # fmt: skip
OPERATOR_REGISTRY: Final = Rule(
    "CK311", "an operator whose image is not from the custom registry", Severity.ERROR,
    "Put the registry in with chartkit kaapana rewrite-operators.",
    "With a custom registry the operators must name it themselves: {DEFAULT_REGISTRY} always is the platform's.",
)  # fmt: skip
MISSING_CHART: Final = Rule(
    "CK312", "a dependency whose folder is not there", Severity.ERROR,
    "Correct the path in requirements.yaml; it counts from the chart's folder.",
    "Without the dag-installer-chart the extension cannot be packed: helm dep up fails.",
)  # fmt: skip
UPLOAD: Final = Rule(
    "CK313", "a chart that the platform does not take as an upload", Severity.ERROR,
    "Give the chart a version without -, and let its objects be in other namespaces than the admin namespace.",
    "The platform takes name and version from the file's name, which it splits at the last -, and refuses charts that "
    "have objects in its admin namespace.",
)  # fmt: skip
UNREAD: Final = Rule(
    "CK314", "a key below global that nothing reads, or that is no text", Severity.WARNING,
    "Correct the spelling; put numbers and switches in quotes.",
    "The platform hands the texts below global to the installer's chart, and nothing else: a misspelt key and a value "
    "that is no text are passed over in silence, and the platform's own value counts.",
)  # fmt: skip

RULES: Final = (
    URL_TEXT, COLLISION, OPERATOR_SECRET, OLD_REQUIREMENTS, SCANNER, BROKEN_IMAGE,
    IMAGE_NAME, LABEL, TAG, OPERATOR_REGISTRY, MISSING_CHART, UPLOAD, UNREAD,
)  # fmt: skip
"""Every rule of this system, in the order of the ids."""
