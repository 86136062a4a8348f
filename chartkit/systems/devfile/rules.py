"""The rules about devfiles: CK501 to CK507."""

from __future__ import annotations

from typing import Final

from chartkit.checks.finding import Severity
from chartkit.checks.rule import Rule

REMOTE_PARENT: Final = Rule(
    "CK501",
    "a parent or plugin that is fetched from elsewhere",
    Severity.ERROR,
    "Download it beside the devfile and name it by a relative uri.",
    "Tools fetch the parent of a devfile each time they read it. The offline build of a devfile registry downloads "
    "parents that are named by uri, but does not rewrite the uri to what it has downloaded; those named by id and "
    "registryUrl, or by a Kubernetes resource, it leaves alone.\n\n"
    "    parent: {uri: https://example.com/devfile.yaml}    found\n"
    "    parent: {uri: parent.devfile.yaml}                 fine",
)
REMOTE_MANIFEST: Final = Rule(
    "CK502",
    "a manifest or Dockerfile that is not here",
    Severity.ERROR,
    "Download it beside the devfile and name it by a relative uri.",
    "What a component names by a URL, by git or by the id of another registry is fetched when it is used, and nobody "
    "knows here which images it brings. A relative uri to a file that does not exist fails too, unless the project "
    "brings the file.",
)
REMOTE_PROJECT: Final = Rule(
    "CK503",
    "a project that is fetched from elsewhere",
    Severity.WARNING,
    "Build the registry offline, which packs each starter project as NAME-offline.zip, or pack it so yourself.",
    "Starter projects, projects and samples are cloned or downloaded when a user picks them. The offline build of a "
    "devfile registry turns starter projects into zip archives beside the devfile and rewrites the devfile; projects "
    "and dependentProjects it leaves alone.",
)
CHART_IMAGE: Final = Rule(
    "CK504",
    "an image of the devfile-registry chart that is not mirrored",
    Severity.WARNING,
    "Mirror it, and set devfileIndex.image, registryViewer.image and ociRegistry.image; chartkit devfile plan does.",
    "The chart installs three images from quay.io/devfile: devfile-index, registry-viewer and oci-registry. Pushing "
    "the index that one has built is not enough: the cluster pulls the other two as well. With global.headless: true "
    "the viewer is left out. The chart has no key for pull secrets: put them into the service account.",
)
LEAF_COLLISION: Final = Rule(
    "CK505",
    "images that share the last part of their name",
    Severity.WARNING,
    "Relocate with --layout path or --layout hash, or send one of them elsewhere by --map.",
    "HOST:PORT/PROJECT/IMAGE keeps only the last part of a name: ubi8/openjdk-17 and ubi9/openjdk-17 would become one "
    "image, and the one that is pushed last would win.",
)
REMOTE_IMAGE: Final = Rule(
    "CK506",
    "an image that is pulled from elsewhere",
    Severity.WARNING,
    "Mirror it and change the devfile: chartkit devfile relocate --to HOST:PORT/PROJECT.",
    "No script of the devfile registry rewrites the images of containers, manifests and Dockerfiles. Behind an air gap "
    "they cannot be pulled.",
)
REMOTE_ICON: Final = Rule(
    "CK507",
    "an icon from the network",
    Severity.INFO,
    "Nothing needs to be done; to show it offline, serve it inside.",
    "The registry's viewer shows the icon from its URL. Without the network the stack works, and has no picture.",
)

RULES: Final = (
    REMOTE_PARENT, REMOTE_MANIFEST, REMOTE_PROJECT, CHART_IMAGE, LEAF_COLLISION, REMOTE_IMAGE, REMOTE_ICON,
)  # fmt: skip
"""The rules of this system."""
