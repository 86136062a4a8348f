"""The flags of `helm template`: what each means here, where no cluster and no network is asked.

A flag with a help text is honoured. One without is harmless here and accepted in silence, so that command lines written
for Helm keep working. A refused one asks for something that only a cluster or the network could give.
"""

from __future__ import annotations

from typing import Final

from chartkit.cli.flags import Flag

_CLUSTER: Final = "asks a Kubernetes cluster, and chartkit never does: leave it out, or use Helm"
_SIGNATURE: Final = "needs a keyring, which chartkit does not read: check the archive with `helm verify` first"
_FREE: Final = "this flag has no effect for 'helm template' and will be removed in Helm 5"

VALUES: Final = (
    Flag("values", "a values file; - is standard input; several are merged from left to right", "list", "f"),
    Flag("set", "set values: a.b=1,c[0]=x,d={y,z}", "repeated"),
    Flag("set-string", "set values, always as text", "repeated"),
    Flag("set-json", 'set values written as JSON: a.b=[1,2], or a whole object {"a": 1}', "repeated"),
    Flag("set-file", "set values to the contents of files: a.b=path", "repeated"),
    Flag("set-literal", "set one value to the rest of the argument, taken literally", "repeated"),
    Flag("skip-schema-validation", "do not check the values against the chart's values.schema.json"),
)

RELEASE: Final = (
    Flag("namespace", "the namespace of the release (default: default)", "text", "n"),
    Flag("is-upgrade", "render as for an upgrade: .Release.IsUpgrade is true"),
    Flag("kube-version", "the Kubernetes version to render for", "text"),
    Flag("api-versions", "further API versions the cluster is taken to have", "list", "a"),
    Flag("name-template", "a template that gives the name of the release", "text"),
    Flag("generate-name", "let the name of the release be made up", short="g"),
)

OUTPUT: Final = (
    Flag("show-only", "print only the files that match, such as templates/deployment.yaml", "repeated", "s"),
    Flag("include-crds", "print the chart's CRDs too"),
    Flag("skip-crds", "accepted for Helm's sake: CRDs are printed on --include-crds only"),
    Flag("no-hooks", "leave hooks out"),
    Flag("skip-tests", "leave test hooks out"),
    Flag("output-dir", "write files into this folder instead of printing", "text"),
    Flag("release-name", "put a folder named like the release inside --output-dir"),
    Flag("post-renderer", "a program that changes the manifests (Helm 3 only)", "text"),
    Flag("post-renderer-args", "an argument for the post-renderer", "repeated"),
    Flag("debug", "print what was rendered although it is not valid YAML"),
)

OURS: Final = (
    Flag("helm", "whose behaviour to reproduce: 4.3 (default), 4.2, 4.1, 3.17, 4 or 3", "text"),
    Flag("seed", "make random values repeatable, and let the clock stand still", "integer"),
    Flag("no-cache", "leave the cache of compiled charts aside"),
)

REMOTE: Final = (
    Flag("version", "the version of a chart that is fetched, or a range: ^1.2 (default: the newest)", "text"),
    Flag("repo", "the address of the repository in which the chart is", "text"),
    Flag("repository-config", "Helm's file of repositories, for charts and dependencies by their names", "text"),
)
"""The flags that say which chart is fetched."""

_FETCHING: Final = (
    Flag("ca-file", "certificates of authorities to trust, for a chart that is fetched", "text"),
    Flag("insecure-skip-tls-verify", "trust any certificate, for a chart that is fetched"),
    Flag("plain-http", "fetch the chart over plain HTTP"),
    Flag("registry-config", "the file with the logins to registries", "text"),
    Flag("username", "the user of the repository that the chart is fetched from", "text"),
    Flag("password", "that user's password", "text"),
    Flag("devel", "take previews for versions as well: the same as --version '>0.0.0-0'"),
)

_REFUSED: Final = (
    Flag("verify", refused=_SIGNATURE),
    Flag("validate", refused=_CLUSTER),
)

_WITHOUT_EFFECT: Final = (
    Flag("atomic", deprecated="use --rollback-on-failure instead"),
    Flag("burst-limit", kind="integer"),
    Flag("cert-file", kind="text"),
    Flag("color", kind="text", majors=(4,)),
    Flag("colour", kind="text", majors=(4,)),
    Flag("content-cache", kind="text", majors=(4,)),
    Flag("create-namespace"),
    Flag("dependency-update"),
    Flag("description", kind="text"),
    Flag("disable-openapi-validation"),
    Flag("dry-run", kind="text", bare="client"),
    Flag("enable-dns"),
    Flag("force", deprecated="use --force-replace instead"),
    Flag("force-conflicts", majors=(4,)),
    Flag("force-replace", majors=(4,)),
    Flag("hide-notes", deprecated=_FREE),
    Flag("key-file", kind="text"),
    Flag("keyring", kind="text"),
    Flag("kube-apiserver", kind="text"),
    Flag("kube-as-group", kind="repeated"),
    Flag("kube-as-user", kind="text"),
    Flag("kube-ca-file", kind="text"),
    Flag("kube-context", kind="text"),
    Flag("kube-insecure-skip-tls-verify"),
    Flag("kube-tls-server-name", kind="text"),
    Flag("kube-token", kind="text"),
    Flag("kubeconfig", kind="text"),
    Flag("labels", kind="pairs", short="l"),
    Flag("pass-credentials"),
    Flag("qps", kind="decimal"),
    Flag("render-subchart-notes", deprecated=_FREE),
    Flag("replace"),
    Flag("repository-cache", kind="text"),
    Flag("rollback-on-failure", majors=(4,)),
    Flag("server-side", majors=(4,)),
    Flag("take-ownership"),
    Flag("timeout", kind="duration"),
    Flag("wait", majors=(3,)),
    Flag("wait", kind="strategy", bare="watcher", majors=(4,)),
    Flag("wait-for-jobs"),
)

HELM: Final = (*VALUES, *RELEASE, *OUTPUT, *REMOTE, *_FETCHING, *_REFUSED, *_WITHOUT_EFFECT)
"""All flags of `helm template` itself."""
