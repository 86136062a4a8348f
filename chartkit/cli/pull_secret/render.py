"""`chartkit pull-secret render`: a Secret with the credentials of registries.

The credentials come from flags, from the environment, from docker's configuration, or from the values of a chart; a
Secret that values describe is the one that the chart renders with them. Into a pipe or a file goes the real Secret, as
that is what the command is for. On a screen it is masked, unless `--show-secrets` is given.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from chartkit.adapters.files import write_atomic
from chartkit.adapters.terminal import is_shown_to_a_person
from chartkit.checks.pull_secret_matching import why_useless
from chartkit.cli.command import Command
from chartkit.cli.exits import CLEAN, note, tell
from chartkit.cli.flags import Flag, UsageError, Words
from chartkit.cli.pipeline import put
from chartkit.cli.pull_secret.chart import ChartSecrets, names_chart, read_chart
from chartkit.cli.pull_secret.docker import DockerLogins
from chartkit.cli.pull_secret.expiry import expiry
from chartkit.cli.pull_secret.given import GIVEN, read_given
from chartkit.cli.subject import SUBJECT, read_command
from chartkit.errors import InputError
from chartkit.images.pull_secret import NewPullSecret, Style, manifest_text
from chartkit.manifests.names import check_keys, check_labels, check_name, check_namespace
from chartkit.oci.credential import Credential
from chartkit.profile import Profile

_DEFAULT_NAME: Final = "regcred"
_MACHINE: Final = "the machine's"


def run(arguments: Sequence[str]) -> int:
    """Run `chartkit pull-secret render`; the result is the exit code."""
    words, profile = read_command(arguments, COMMAND.flags)
    style = _style(words)
    secrets = [each for secret in _secrets(words, profile, style) for each in _finished(secret, words)]
    for secret in secrets:
        _warn(secret)
    _deliver(secrets, words, style)
    return CLEAN


def _style(words: Words) -> Style:
    name = words.text("style", Style.KUBECTL)
    if name not in list(Style):
        raise UsageError(f'unknown style "{name}": must be one of {", ".join(Style)}')
    return Style(name)


def _secrets(words: Words, profile: Profile, style: Style) -> Iterator[NewPullSecret]:
    """The Secrets that are asked for, before flags change them."""
    given = read_given(words)
    chart = read_chart(_for_chart(words), profile) if names_chart(words) else None
    credentials = _with_docker(given, words, chart)
    if credentials:
        yield NewPullSecret(_name(words, chart), credentials)
    elif chart is None:
        raise UsageError(
            "there are no credentials to write",
            hint="give --username with a password, --from-env, --from-docker-config, or values of a chart",
        )
    elif not chart.rendered:
        raise InputError(
            _nothing_rendered(chart), hint="give them: --username with a password, or --from-docker-config"
        )
    elif len(chart.rendered) > 1 and words.text("name"):
        raise UsageError(f"--name for {len(chart.rendered)} Secrets: {', '.join(each.name for each in chart.rendered)}")
    else:
        for each in chart.secrets():
            # Labels such as managed-by tell of Helm, which only the chart's own Secret is from.
            yield each if style is Style.CHART else replace(each, labels={}, annotations={})


def _for_chart(words: Words) -> Words:
    """The words with the one namespace that a release can have."""
    namespaces = words.texts("namespace")
    return Words({**words.given, "namespace": namespaces[0] if namespaces else ""}, words.others, words.notices)


def _with_docker(given: dict[str, Credential], words: Words, chart: ChartSecrets | None) -> Mapping[str, Credential]:
    file = words.text("from-docker-config")
    servers = words.texts("only")
    if not file:
        if servers:
            raise UsageError("--only chooses from docker's configuration", hint="say --from-docker-config too")
        return given
    logins = DockerLogins("" if file == _MACHINE else file)
    if servers:
        found = logins.only(servers)
    elif chart is not None:
        places = [(use.reference.registry, use.reference.repository) for use in chart.images if use.reference]
        found = logins.for_images(dict.fromkeys(places))
    else:
        found = logins.all()
    return {**found, **given}


def _name(words: Words, chart: ChartSecrets | None) -> str:
    """The name of a Secret whose credentials are given: as said, or as the pods of the chart call it."""
    named = chart.named or tuple(each.name for each in chart.rendered) if chart else ()
    if words.text("name") or not named:
        return words.text("name") or _DEFAULT_NAME
    if len(named) > 1:
        raise UsageError(f"the pods name several secrets: {', '.join(named)}", hint="choose one with --name")
    return named[0]


def _nothing_rendered(chart: ChartSecrets) -> str:
    if not chart.named:
        return "the chart renders no pull secret with these values, and its pods name none"
    return (
        f"the chart renders no pull secret: its pods name {', '.join(chart.named)}, and the values hold no credentials"
    )


def _finished(secret: NewPullSecret, words: Words) -> Iterator[NewPullSecret]:
    """A Secret with what the flags say, once for each namespace."""
    secret = replace(
        secret,
        name=check_name(words.text("name") or secret.name),
        labels={**secret.labels, **check_labels(_pairs(words, "label"))},
        annotations={**secret.annotations, **check_keys(_pairs(words, "annotation"), "an annotation")},
        has_plain_text=words.switch("string-data"),
    )
    for namespace in dict.fromkeys(words.texts("namespace")) or (secret.namespace,):
        yield replace(secret, namespace=check_namespace(namespace) if namespace else "")


def _pairs(words: Words, flag: str) -> dict[str, str]:
    pairs = {}
    for text in words.texts(flag):
        key, equals, value = text.partition("=")
        if not equals:
            raise UsageError(f"--{flag} takes key=value, not {text}")
        pairs[key] = value
    return pairs


def _warn(secret: NewPullSecret) -> None:
    for server, credential in secret.credentials.items():
        useless, (ends, _) = why_useless(server, ()), expiry(server, credential)
        if useless:
            note(f"warning: CK124: the key {server} can match no image: {useless}")
        if ends:
            note(f"warning: CK126: {ends}")


def _deliver(secrets: Sequence[NewPullSecret], words: Words, style: Style) -> None:
    """Write the Secrets to a file, or print them."""
    file = words.text("output")
    is_masked = not file and is_shown_to_a_person() and not words.switch("show-secrets")
    text = "---\n".join(manifest_text(secret.masked if is_masked else secret, style) for secret in secrets)
    if file and file != "-":
        write_atomic(Path(file), text.encode("utf-8", "surrogateescape"), is_secret=True)
        tell(f"wrote {file}: {', '.join(map(_described, secrets))}")
        return
    put(text)
    if is_masked:
        tell("passwords are masked on a screen: --show-secrets shows them, -o FILE and pipes get the real Secret")


def _described(secret: NewPullSecret) -> str:
    place = f"{secret.namespace}/" if secret.namespace else ""
    return f"Secret {place}{secret.name} for {', '.join(secret.credentials)}"


COMMAND: Final = Command(
    name="pull-secret render",
    usage="[OPTIONS] [VALUES]...",
    help="Write a Secret with the credentials of registries, as `kubectl create secret docker-registry` makes it: from "
    "flags, variables, docker's configuration, or the values of a chart. With VALUES and credentials from elsewhere, "
    "the Secret gets the name that the pods use. Printed on a screen the passwords are masked; into a pipe or a file "
    "goes the real Secret: chartkit pull-secret render ... | kubectl apply -f -",
    flags=(
        *GIVEN,
        Flag(
            "from-docker-config",
            "take the logins of docker and podman on this machine, or with =FILE those of a config.json; helpers are "
            "asked; with VALUES those for the chart's images",
            "text",
            bare=_MACHINE,
        ),
        Flag("only", "of docker's logins only the one for this server; may be repeated", "list"),
        Flag("name", f"the name of the Secret (default: what the pods name, or {_DEFAULT_NAME})", "text"),
        Flag("namespace", "the namespace of the Secret; may be repeated, for one Secret in each", "list", "n"),
        Flag("label", "a label, key=value; may be repeated", "repeated", "l"),
        Flag("annotation", "an annotation, key=value; may be repeated", "repeated"),
        Flag("string-data", "write the JSON as plain text under stringData"),
        Flag("style", f"one of {', '.join(Style)}: whose manifest to write (default: kubectl)", "text"),
        Flag("output", "write into this file, which only its owner can read; - is standard output", "text", "o"),
        Flag("show-secrets", "show passwords on a screen"),
        *(flag for flag in SUBJECT if flag.name != "namespace"),
    ),
    run=run,
)
