"""What `chartkit drycc check` can find."""

from __future__ import annotations

from typing import Final

from chartkit.checks.finding import Severity
from chartkit.checks.rule import Rule

WRONG_BLOCK: Final = Rule(
    "CK601", "registry settings in a block that the chart does not read", Severity.WARNING,
    "Move them to the top-level block registry, or to the keys of the chart you install.",
    "The guide of 2019 puts hostname, organization, username and password below registry-token-refresher.registry, but "
    "the chart of that time reads the top-level block registry: registry-secret then has four empty values, and no "
    "push works. Today's chart reads builder.registryHost and so on.",
)  # fmt: skip
UNKNOWN_LOCATION: Final = Rule(
    "CK602", "a registry location that there is not", Severity.ERROR,
    "Write on-cluster, off-cluster, ecr or gcr, in small letters.",
    "For any other text the chart makes a registry-secret without data and starts the token refresher, which ends at "
    "once.",
)  # fmt: skip
BAD_KEY: Final = Rule(
    "CK603", "a key_json that is no service account's key in base64", Severity.ERROR,
    "Put the key's file in as base64: base64 -w0 key.json.",
    "The text is placed into registry-secret as it is. It must be JSON in base64, with a project_id: the images are "
    "named by the project. The placeholder of the default values is neither.",
)  # fmt: skip
SCHEME: Final = Rule(
    "CK604", "a registry host with a scheme", Severity.ERROR,
    "Write the host alone, without https:// and without a slash at its end.",
    "Off the cluster the builder puts the host before the image as it stands: https://quay.io/org/app is no image. For "
    "ecr and gcr the scheme is stripped.",
)  # fmt: skip
CONTRADICTION: Final = Rule(
    "CK605", "settings of the registry that contradict each other", Severity.WARNING,
    "Keep the keys of one generation, and set registry.enabled to false for a registry off the cluster.",
    "With registry.enabled: true and a registryHost the components are told the location on-cluster and the host of "
    "another registry. Keys of several generations in one file leave it to chance which of them count.",
)  # fmt: skip
PORT: Final = Rule(
    "CK606", "an external registry hides the ports of apps", Severity.INFO,
    "Before the first deployment of each app: drycc config:set PORT=<port>.",
    "With a registry off the cluster Kubernetes pulls the images, and the controller no longer sees which port they "
    "expose.",
)  # fmt: skip
MISSING: Final = Rule(
    "CK607", "a field that the location needs is missing", Severity.ERROR,
    "Set it.",
    "Off the cluster the organization is mandatory, and a login; ecr needs a region, and both keys or none; gcr needs "
    "the key of a service account.",
)  # fmt: skip
UNREADABLE: Final = Rule(
    "CK608", "a key of the registry that nothing knows, or that is no text", Severity.WARNING,
    "Correct the spelling; put numbers in quotes.",
    "A misspelt key is passed over in silence, and the registry gets an empty value. An account or a password of "
    "digits without quotes is a number: zeros in front of it are lost.",
)  # fmt: skip

RULES: Final = (WRONG_BLOCK, UNKNOWN_LOCATION, BAD_KEY, SCHEME, CONTRADICTION, PORT, MISSING, UNREADABLE)
"""Every rule of this system, in the order of the ids."""
