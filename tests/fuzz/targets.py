"""Every parser that meets bytes of others, as something that can be thrown bytes at.

A target reads its input in all the ways that commands do. What chartkit says of bad input is a `ChartkitError`, or the
`ValueError` that a small parser documents; anything else that leaves a target is a bug, and so is a message with the
canary that stands for a password.
"""

from __future__ import annotations

import gzip
import io
import json
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from chartkit.ambient import Ambient
from chartkit.chart.archive import check_is_archive, unpack
from chartkit.chart.chart import Chart
from chartkit.chart.files import File
from chartkit.chart.loader import chart_from_files, load_chart
from chartkit.engine.compiled import CompiledChart, Tier
from chartkit.engine.release import Release
from chartkit.errors import ChartkitError
from chartkit.limits import Limits
from chartkit.profile import PROFILES
from chartkit.source import Source
from chartkit.values.inputs import ValuesInput

FIXTURES: Final = Path(__file__).parents[2] / "fixtures"
CANARY: Final = "cAnArY-5f9e3c"
"""The password in seeds: no message may hold it."""
SMALL: Final = Limits(
    archive_bytes=4 * 1024 * 1024, file_bytes=1024 * 1024, output_characters=1_000_000, loop_steps=20_000, seconds=3.0
)
"""Limits that a good render keeps easily, so that a bad input is stopped soon."""
_METADATA: Final = b"apiVersion: v2\nname: tc\nversion: 0.1.0\n"
_OTHER_HELMS: Final = ("4.3", "3.17")


@dataclass(frozen=True)
class Target:
    """A parser, or several of one kind.

    Attributes:
        name: what it is called.
        run: reads an input.
        seeds: good inputs, to be spoilt.
        words: what inputs are made of.
        secret: whether the canary in an input must never be in a message.
    """

    name: str
    run: Callable[[bytes], None]
    seeds: tuple[bytes, ...]
    words: tuple[bytes, ...] = ()
    secret: bool = False

    def attempt(self, data: bytes) -> str:
        """Read an input; gives what was said of it.

        Raises:
            Exception: what must not be raised.
        """
        try:
            self.run(data)
        except Exception as failure:
            if not is_documented(failure):
                raise
            said = f"{failure} {getattr(failure, 'hint', '')}"
            # A name of a server or a field is told; a canary that stands there is no password.
            if self.secret and CANARY in said and _is_only_password(data):
                raise AssertionError(f"the message has the password: {said}") from failure
            return said
        return ""


def is_documented(failure: Exception) -> bool:
    """Whether a failure is one that a parser says it has."""
    own = isinstance(failure, ValueError) and type(failure).__module__.startswith("chartkit.")
    return own or isinstance(failure, ChartkitError)


def _is_only_password(data: bytes) -> bool:
    return data.count(CANARY.encode()) == 1 and f'"password":"{CANARY}"'.encode() in data.replace(b" ", b"")


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")


def _parted(data: bytes, count: int) -> list[bytes]:
    """The parts of an input that stands for several."""
    return (data.split(b"\x1e") + [b""] * count)[:count]


@cache
def _folder() -> Path:
    """A folder for inputs that are read from files; it goes away with the process."""
    folder = tempfile.TemporaryDirectory(prefix="chartkit-fuzz-")
    _KEPT.append(folder)
    return Path(folder.name)


_KEPT: Final[list[Any]] = []


def _written(name: str, data: bytes) -> Path:
    path = _folder() / name
    path.write_bytes(data)
    return path


def _each(*steps: Callable[[], object]) -> None:
    """Do several things although one fails as it may; the first failure is told at the end."""
    first: Exception | None = None
    for step in steps:
        try:
            step()
        except Exception as failure:
            if not is_documented(failure):
                raise
            first = first or failure
    if first is not None:
        raise first


# --- charts


def _chart(files: dict[str, bytes], helm: str = "4.3") -> Chart:
    return chart_from_files(
        [File(name, data) for name, data in files.items()], profile=PROFILES[helm], limits=SMALL
    )


def _template(data: bytes) -> None:
    """Parse and render, by the three compilers."""
    template, values = _parted(data, 2)
    files = {"Chart.yaml": _METADATA, "values.yaml": values, "templates/t.yaml": template, "x": b"y"}
    chart = _chart(files)

    def render(tier: Tier) -> object:
        ambient = Ambient(limits=SMALL)
        return CompiledChart(chart, tier=tier).render(ValuesInput(), Release("rel"), ambient=ambient).text

    def trace() -> object:
        return CompiledChart(chart).trace(ValuesInput(), Release("rel"), ambient=Ambient(limits=SMALL)).text

    _each(lambda: render(Tier.EXACT), lambda: render(Tier.FAST), trace)


def _metadata(data: bytes) -> None:
    """Chart.yaml, requirements.yaml, the lock and .helmignore."""
    head, requirements, lock, ignored = _parted(data, 4)

    def read(helm: str) -> None:
        files = {"Chart.yaml": head, "requirements.yaml": requirements, "Chart.lock": lock, ".helmignore": ignored}
        files |= {"requirements.lock": lock, "templates/t.yaml": b"{{ .Chart | toString | len }}", "charts/a/b": b""}
        chart = _chart(files, helm)
        CompiledChart(chart, PROFILES[helm]).render(ValuesInput(), Release("rel"), installing=True)

    _each(*(lambda helm=helm: read(helm) for helm in _OTHER_HELMS))  # type: ignore[misc]


def _archive(data: bytes) -> None:
    """The bytes of a .tgz."""
    path = _written("c.tgz", data)
    _each(
        lambda: check_is_archive("c.tgz", data),
        lambda: unpack(data, SMALL),
        lambda: load_chart(path, limits=SMALL),
    )


def _members(data: bytes) -> None:
    """The members of an archive: the tar within the .tgz, which no random byte would reach."""
    _archive(gzip.compress(data, 1))


def _ignore(data: bytes) -> None:
    from chartkit.chart.ignore import is_ignored, parse_rules

    rules = parse_rules(_text(data))
    for path in ("a", "a/b.txt", "templates/x.yaml", "é/" + "a" * 200):
        is_ignored(rules, path, False)


# --- values


def _yaml(data: bytes) -> None:
    from chartkit.goyaml.load import load, load_all, load_list, load_map
    from chartkit.goyaml.positions import load_positions

    text = _text(data)
    ways: list[Callable[[str], object]] = [load, load_map, load_list, load_all]
    ways.append(lambda text: load_positions(Source("values.yaml", text)))
    _each(*(lambda way=way: way(text) for way in ways))  # type: ignore[misc]


def _edit(data: bytes) -> None:
    """Edits: the result must be what was asked for, or nothing is edited."""
    from chartkit.goyaml.edit import load_document, remove_values, set_values

    text = _text(data)

    def set_one() -> None:
        edited = set_values(text, {("image", "tag"): "1.10", ("a",): [1, {"b": "x: y"}]})
        after = load_document(edited)
        assert after["image"]["tag"] == "1.10"
        assert after["a"] == [1, {"b": "x: y"}]

    _each(set_one, lambda: remove_values(text, [("image",), ("a",)]))


def _flags(data: bytes) -> None:
    """The texts of --set and its relatives."""
    from chartkit.values.inputs import read_values

    text = _text(data).replace("\0", "")
    chart = _plain_chart()
    ways: list[dict[str, Any]] = [{name: [text]} for name in ("set", "set_string", "set_json", "set_literal")]
    _each(*(lambda way=way: read_values(chart, **way) for way in ways))  # type: ignore[misc]


@cache
def _plain_chart() -> Chart:
    return _chart({"Chart.yaml": _METADATA, "values.yaml": b"a: {b: [1, {c: 2}]}\n"})


def _schema(data: bytes) -> None:
    from chartkit.values.schema import schema_fault

    values = {"a": 1.0, "b": "text", "c": [1.0, "x", None], "d": {"e": True}, "image": {"tag": "1"}}
    _each(*(lambda helm=helm: schema_fault(values, data, PROFILES[helm]) for helm in _OTHER_HELMS))  # type: ignore[misc]


# --- small texts


def _reference(data: bytes) -> None:
    from chartkit.images.freetext import scan
    from chartkit.images.target import read_destination
    from chartkit.reference import ImageReference

    text = _text(data)
    scan(text)

    def parse() -> None:
        reference = ImageReference.parse(text)
        assert str(reference) == text
        ImageReference.parse(reference.canonical())
        read_destination("mirror.example.com:5000/x").move(reference)

    _each(parse, lambda: read_destination(text))


def _versions(data: bytes) -> None:
    from chartkit.constraint import Constraint, Version, is_compatible

    text = _text(data)
    _each(
        lambda: Version.parse(text),
        lambda: Constraint.parse(text).matches(Version.parse("1.2.3-rc.1")),
        lambda: is_compatible(text, "1.2.3"),
    )


def _regexp(data: bytes) -> None:
    from chartkit.goregexp.regexp import compile_regexp

    pattern, subject = map(_text, _parted(data, 2))
    found = compile_regexp(pattern)
    for text in (subject[:2000], "a" * 60 + "b", "abc-12 é\n"):
        found.find_all(text, -1)
        found.replace_all(text, "<$1>")


def _data_texts(data: bytes) -> None:
    """JSON and TOML as templates read them."""
    from chartkit.gojson import decode
    from chartkit.sprig.toml import from_toml

    text = _text(data)
    _each(
        lambda: decode(text), lambda: decode(text, v2_errors=True), lambda: from_toml(Ambient(), text)
    )


def _command_line(data: bytes) -> None:
    from chartkit.cli.flags import read_words
    from chartkit.cli.helm_flags import HELM
    from chartkit.cli.subject import SUBJECT

    words = [_text(word) for word in data.split(b"\x1e")]
    _each(*(lambda flags=flags: read_words(words, flags, 4) for flags in (HELM, SUBJECT)))  # type: ignore[misc]


# --- secrets


def _docker_config(data: bytes) -> None:
    from chartkit.oci.credentials import DockerKeychain
    from chartkit.oci.docker_config import kubelet_faults, read_docker_config

    for legacy in (None, True, False):
        config = read_docker_config(Source("config.json", _text(data)), is_legacy=legacy)
        for fault in (*config.faults, *kubelet_faults(config)):
            assert not (CANARY in fault.message and _is_only_password(data)), fault.message
    keychain = DockerKeychain(config, _Runner(b"{}"))
    _each(
        lambda: keychain.credential("docker.io", "library/x"),
        lambda: keychain.credential("myregistry.example.com", ""),
        config.check,
    )


def _secret(data: bytes) -> None:
    from chartkit.oci.secret_file import read_secret_file

    for found in read_secret_file(Source("secret.yaml", _text(data))):
        repr(found)


class _Runner:
    """A credential helper that answers with the input."""

    def __init__(self, data: bytes) -> None:
        self.data = data

    def run(self, command: Any, text: str) -> Any:
        from chartkit.oci.helper import Answer

        return Answer(self.data[0] % 2 if self.data else 0, _text(self.data), _text(self.data))


def _helper(data: bytes) -> None:
    from chartkit.oci.helper import ask_helper, list_helper

    _each(lambda: ask_helper(_Runner(data), "x", "h"), lambda: list_helper(_Runner(data), "x"))


# --- registries


class _Answer:
    def __init__(self, data: bytes) -> None:
        head, _, self.body = data.partition(b"\n\n")
        first, *rest = head.decode("latin-1").split("\n")
        self.status = int(first) if first.isascii() and first.isdigit() and len(first) == 3 else 200
        pairs = (line.partition(":")[::2] for line in rest)
        self.headers = {name.strip().lower(): value.strip() for name, value in pairs}

    def chunks(self) -> Iterator[bytes]:
        yield self.body

    def close(self) -> None:
        """There is nothing to close."""


class _Registry:
    """Answers in turn with the parts of the input, and with the last of them from then on."""

    def __init__(self, data: bytes) -> None:
        self.answers = [_Answer(part) for part in data.split(b"\x1e")[:20]]
        self.asked = 0

    def send(self, request: Any) -> _Answer:
        if callable(request.body):
            list(request.body())
        self.asked += 1
        assert self.asked < 5000, "asks without end"
        return self.answers[min(self.asked, len(self.answers)) - 1]


class _Keys:
    def credential(self, registry: str, repository: str = "") -> Any:
        from chartkit.oci.credential import Credential

        return Credential("user", CANARY)


def _registry(data: bytes) -> None:
    """Each question to a registry that answers with the input."""
    from chartkit.oci.client import RegistryClient
    from chartkit.oci.exchange import Patience
    from chartkit.oci.manifest import Descriptor
    from chartkit.oci.probe import probe
    from chartkit.oci.shelf import Repository
    from chartkit.reference import ImageReference

    repository = Repository("r.example.com", "team/app")
    digest = "sha256:" + "0" * 64
    blob = Descriptor(media_type="application/octet-stream", digest=digest, size=3)

    def ask(question: Callable[[RegistryClient], object]) -> None:
        patience = Patience(2, 0.0, 1.0, lambda _: None, lambda: 1_700_000_000.0)
        question(RegistryClient(_Registry(data), _Keys(), patience=patience))

    questions: list[Callable[[RegistryClient], object]] = [
        lambda client: client.ping("r.example.com"),
        lambda client: client.find_manifest(repository, "1.0"),
        lambda client: _use_manifest(client.manifest(repository, "1.0")),
        lambda client: client.tags(repository),
        lambda client: client.has_blob(repository, blob),
        lambda client: b"".join(client.read_blob(repository, blob)),
        lambda client: client.mount_blob(repository, digest, "other/app"),
        lambda client: client.upload_blob(repository, blob, lambda: [b"abc"]),
        lambda client: probe(client, ImageReference.parse("r.example.com/team/app:1.0")),
    ]
    _each(*(lambda question=question: ask(question) for question in questions))  # type: ignore[misc]


def _use_manifest(manifest: Any) -> None:
    from chartkit.oci.manifest import Platform

    _each(
        lambda: manifest.images,
        lambda: manifest.config,
        lambda: manifest.blobs,
        lambda: manifest.platforms,
        lambda: manifest.only([Platform.parse("linux/amd64")]),
    )


def _manifest(data: bytes) -> None:
    from chartkit.oci.manifest import Manifest

    _each(
        lambda: _use_manifest(Manifest(data)),
        lambda: _use_manifest(Manifest(data, "application/vnd.oci.image.index.v1+json")),
    )


def _platforms(data: bytes) -> None:
    from chartkit.cli.flags import Words
    from chartkit.cli.network import read_platforms

    read_platforms(Words({"platform": [_text(data)]}))


def _challenge(data: bytes) -> None:
    from chartkit.oci.challenge import choose, read_challenges

    choose(read_challenges(data.decode("latin-1")))


def _repository_index(data: bytes) -> None:
    from chartkit.chart.repository import newest, newest_first, read_index, read_repositories

    def index() -> None:
        found = read_index("https://charts.example.com", data)
        for name in list(found.entries)[:5]:
            versions = [release.version for release in found.releases(name)]
            newest_first(versions)
            newest(versions, ">0.0.0-0")

    _each(index, lambda: read_repositories(_text(data), "repositories.yaml"))


def _layout(data: bytes) -> None:
    """The index of a layout on disk."""
    from chartkit.oci.layout import Layout
    from chartkit.oci.shelf import Repository

    folder = _folder() / "layout"
    if not folder.exists():
        Layout.create(folder)
    (folder / "index.json").write_bytes(data)
    layout = Layout.open(folder)
    for name in list(layout.names())[:3]:
        layout.manifest(Repository("r.example.com", "a"), name)


# --- chartkit's own files


def _lock(data: bytes) -> None:
    from chartkit.images.lock import read_lock, write_lock

    text = write_lock(read_lock(_text(data), "images.lock"))
    assert write_lock(read_lock(text, "images.lock")) == text


def _bundle(data: bytes) -> None:
    from chartkit.images.bundle import read_description
    from chartkit.oci.tar_layout import TarFolder, TarLayout

    def whole() -> None:
        with TarFolder(_written("bundle.tar", data)) as folder:
            for name in folder.names()[:5]:
                folder.read(name)
            TarLayout(folder, "images").names()

    _each(lambda: read_description(data, "bundle.json"), whole)


def _mapping(data: bytes) -> None:
    from chartkit.images.target import read_destination, read_mapping
    from chartkit.reference import ImageReference

    read_destination("mirror.example.com", mapping=read_mapping(Source("map.yaml", _text(data)))).move(
        ImageReference.parse("quay.io/a/b:1")
    )


def _config(data: bytes) -> None:
    from chartkit.config import read_config

    _each(lambda: read_config(_written("chartkit.yaml", data)), lambda: read_config(_written("pyproject.toml", data)))


def _manifests(data: bytes) -> None:
    """A stream of manifests: what Helm's post-renderer is given."""
    from chartkit.images.rewrite import find_in_text, rewrite_images
    from chartkit.images.target import read_destination

    text = _text(data)
    find_in_text(text)
    rewrite_images(text, read_destination("mirror.example.com"), lambda _: True)


# --- systems


def _devfile(data: bytes) -> None:
    from chartkit.systems.devfile.locations import collect

    _each(*(lambda name=name: collect([_written(name, data)]) for name in ("devfile.yaml", "stack.yaml")))  # type: ignore[misc]


def _dockerfile(data: bytes) -> None:
    from chartkit.systems.devfile.dockerfile import base_images
    from chartkit.systems.kaapana.dockerfile import read_dockerfile

    _each(lambda: base_images(_text(data)), lambda: read_dockerfile(_written("Dockerfile", data)))


def _task(data: bytes) -> None:
    from chartkit.systems.task_api.build import build_container, build_task
    from chartkit.systems.task_api.json_file import parse_json, read_json
    from chartkit.systems.task_api.reading import read_model

    def read(model: str, build: Callable[..., object]) -> None:
        reading = read_model(parse_json(Source("task.json", _text(data))), model)
        if not reading.findings:
            build(reading.file.data, reading.dialect)

    _each(
        lambda: read("Task", build_task),
        lambda: read("ProcessingContainer", build_container),
        lambda: read_json(_written("task.json", data), {"A": "b"}),
    )


def _python(data: bytes) -> None:
    from chartkit.systems.kaapana.operators import operator_images
    from chartkit.systems.kaapana.python_file import parse_python
    from chartkit.systems.kaapana.rewrite import rewrite
    from chartkit.systems.task_api.dag import read_dag

    file = parse_python(Path("dag.py"), data)
    _each(lambda: operator_images(file), lambda: rewrite(file, "mirror.example.com"), lambda: read_dag(file))


def _system_values(data: bytes) -> None:
    from chartkit.goyaml.load import load_map
    from chartkit.systems.drycc.check import check_values
    from chartkit.systems.drycc.settings import read_settings
    from chartkit.systems.kaapana.platform import install_values, read_upload

    values = load_map(_text(data))
    _each(
        lambda: check_values(values),
        lambda: read_settings(values),
        lambda: install_values({"global.x": "y"}, values),
        lambda: read_upload(_text(data)[:200]),
    )


# --- the table


def _seed(*names: str) -> tuple[bytes, ...]:
    return tuple((FIXTURES / name).read_bytes() for name in names)


def _tar(*members: tuple[str, bytes, bytes]) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        for name, data, kind in members:
            member = tarfile.TarInfo(name)
            member.size, member.type = (len(data) if kind == tarfile.REGTYPE else 0), kind
            member.linkname = _text(data) if kind != tarfile.REGTYPE else ""
            archive.addfile(member, io.BytesIO(data))
    return packed.getvalue()


def _words(text: str) -> tuple[bytes, ...]:
    return tuple(word.encode() for word in text.split(" ") if word) + (b" ", b"\n", b"\xff", b"\0", b"\xc3\xa9")


_GOOD_TAR: Final = _tar(
    ("tc/Chart.yaml", _METADATA, tarfile.REGTYPE),
    ("tc/templates/t.yaml", b"{{ .Values }}", tarfile.REGTYPE),
    ("tc/charts/sub/Chart.yaml", _METADATA, tarfile.REGTYPE),
)
_BAD_TAR: Final = _tar(
    ("tc/Chart.yaml", _METADATA, tarfile.REGTYPE),
    ("tc/../../evil", b"x", tarfile.REGTYPE),
    ("/etc/passwd", b"x", tarfile.REGTYPE),
    ("tc/link", b"/etc/passwd", tarfile.SYMTYPE),
    ("tc/hard", b"../../etc/passwd", tarfile.LNKTYPE),
    ("tc/device", b"", tarfile.CHRTYPE),
)
_JSON_WORDS: Final = _words('{ } [ ] : , " null true 1 -1 1e999 "a" \\u0000 \\ud800 {} [] 1.5')
_YAML_WORDS: Final = _words(
    "a: b: - [ ] { } , : & * *a &a !!str !!binary | > |- >+ --- ... # ' \" ? << ~ null 1 0x1 .inf {} [] % @ ` \t : :"
) + (b"\n  ", b"\n- ", b"\n---\n")
_TEMPLATE_WORDS: Final = _words(
    "{{ }} {{- -}} .Values.a .Values . $ $x := = | ( ) \" ` ' if else end range with define template block include tpl "
    "printf toYaml fromYaml index dict list set merge 1 -1 1e9 nil true , break continue .Files.Get /* */ regexMatch "
    "{{end}} {{if(1)}} {{range(1000)}} until toJson quote nindent repeat substr semver toDate lookup fail required"
)
_AUTHS: Final = json.dumps(
    {
        "auths": {"myregistry.example.com": {"username": "u", "password": CANARY, "email": "e"}},
        "credHelpers": {"gcr.io": "gcloud"},
        "credsStore": "x",
    }
).encode()
_MANIFEST: Final = json.dumps(
    {
        "schemaVersion": 2,
        "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "config": {"mediaType": "application/vnd.oci.image.config.v1+json", "digest": "sha256:" + "0" * 64, "size": 2},
        "layers": [{"mediaType": "application/vnd.oci.image.layer.v1.tar", "digest": "sha256:" + "1" * 64, "size": 3}],
    }
).encode()
_INDEX: Final = json.dumps(
    {
        "schemaVersion": 2,
        "manifests": [
            {
                "mediaType": "application/vnd.oci.image.manifest.v1+json",
                "digest": "sha256:" + "0" * 64,
                "size": 2,
                "platform": {"os": "linux", "architecture": "amd64"},
                "annotations": {"org.opencontainers.image.ref.name": "a"},
            }
        ],
    }
).encode()
_POD: Final = (
    b"apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  containers:\n  - {name: a, image: quay.io/a/b:1}\n"
    b"---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata:\n  x: |\n    image: a/b:1\n"
)
_SECRET: Final = (
    b"apiVersion: v1\nkind: Secret\nmetadata: {name: s}\ntype: kubernetes.io/dockerconfigjson\nstringData:\n"
    b"  .dockerconfigjson: '" + _AUTHS + b"'\n"
)
_CHALLENGED: Final = (
    b'401\nWWW-Authenticate: Bearer realm="https://auth.example.com/token",service="r",scope="a"\n\n'
    b'{"errors":[{"code":"UNAUTHORIZED","message":"log in"}]}\x1e200\n\n{"token":"t","expires_in":60}\x1e'
    b"200\nContent-Type: application/vnd.oci.image.manifest.v1+json\n\n" + _MANIFEST
)
_SERVED: Final = (
    b'401\nWWW-Authenticate: Basic realm="x"\n\n\x1e200\n\n' + _MANIFEST,
    _CHALLENGED,
    b'200\nLink: </v2/team/app/tags/list?last=b>; rel="next"\n\n{"tags":["a","b"]}',
    b"307\nLocation: https://cdn.example.com/x\n\n\x1e200\nContent-Length: 3\n\nabc",
    b"429\nRetry-After: 5\n\n\x1e503\n\n<html>\x1e404\n\n" + b'{"errors":[{"code":"NAME_UNKNOWN"}]}',
    b"202\nLocation: /v2/team/app/blobs/uploads/1?_state=x\nRange: 0-2\nOCI-Chunk-Min-Length: 9\n\n",
)

TARGETS: Final = {
    target.name: target
    for target in (
        Target(
            "template",
            _template,
            (b"{{ .Values.a }}\x1ea: 1\n", b'{{ range $i, $e := list 1 2 }}{{ $i }}{{ else }}x{{ end }}\x1e',
             b'{{ define "x" }}{{ . }}{{ end }}{{ include "x" . | nindent 2 }}\x1ea: {b: c}\n',
             b'{{- with .Values.a }}{{ tpl "{{ . }}" . }}{{- end }}\x1ea: [1, 2]\n'),
            _TEMPLATE_WORDS,
        ),
        Target(
            "metadata",
            _metadata,
            (_METADATA + b"type: application\nkubeVersion: '>=1.20'\ndependencies:\n- {name: a, version: ^1, "
             b"repository: 'https://x', condition: a.enabled, tags: [t], import-values: [x]}\n\x1e"
             b"dependencies:\n- {name: a, alias: b}\n\x1edigest: sha256:1\ngenerated: '2020-01-01T00:00:00Z'\n\x1e*.txt\n",),
            _YAML_WORDS,
        ),
        Target("archive", _archive, (gzip.compress(_GOOD_TAR, 1, mtime=0), gzip.compress(_BAD_TAR, 1, mtime=0))),
        Target("members", _members, (_GOOD_TAR, _BAD_TAR)),
        Target("helmignore", _ignore, (b"*.txt\n!a/\n/x[a-z]?\\*\n# c\n",), _words("* ? [ ] - ^ ! / \\ ** # a")),
        Target(
            "yaml",
            _yaml,
            (b"a: &x {b: [1, 'c']}\nd: *x\n<<: *x\ne: |+\n  f\n\n", b"- 1\n- {a: b}\n---\nx: !!binary aGk=\n", _POD),
            _YAML_WORDS,
        ),
        Target("edit", _edit, (b"# top\nimage: # c\n  tag: '1' # d\n  x: &a 1\na: [1, {b: c}]\n", _POD), _YAML_WORDS),
        Target(
            "set-flags",
            _flags,
            (b"a.b[0].c=1,d={x,y}", b'a={"b":[1,null]}', b"a\\.b=c\\,d", b"a[1][2]=null"),
            _words("a b . , = [ ] { } \\ 0 1 65536 99999999999 null true -1 \" '"),
        ),
        Target("schema", _schema, (
            b'{"type":"object","properties":{"a":{"type":"string","pattern":"^a+$"},"c":{"items":{"$ref":"#/$defs/x"}}},'
            b'"$defs":{"x":{"enum":[1]}},"required":["zz"],"additionalProperties":false}',
            b'{"$schema":"http://json-schema.org/draft-07/schema#","if":{"minProperties":1},"then":{"not":{}},"allOf":[{}]}',
        ), (*_JSON_WORDS, *_words('"type" "$ref" "#" "pattern" "properties" "items" "$id" "$schema" "anyOf" "format" "object" '
           '"patternProperties" "dependentRequired" "const" "multipleOf" "minimum" "uniqueItems" "$dynamicRef" "(a+)+$"'))),
        Target("reference", _reference, (b"myregistry.example.com:5000/a/b:1.2@sha256:" + b"0" * 64, b"nginx", b"a/b"),
               _words("a / : @ . - _ __ sha256: A [::1] 0 localhost 00000000000000000000000000000000")),
        Target("versions", _versions, (b"1.2.3-rc.1+b", b">=1.2, <2 || ~3.x", b"1.0 - 2.0"),
               _words("1 2 0 . - + x X * ^ ~ < > = ! || , v a 99999999999999999999")),
        Target("regexp", _regexp, (b"(a+)+$\x1eaaaaaaaaaaaaaaaaaaaab", rb"^[a-z\d]{2,5}(?i:x|\pL)*?\b", b"(?P<n>a|b)"),
               _words(r"( ) [ ] { } * + ? | ^ $ . \ (?: (?i) (?P<n> a b \pL \d \Q \E {1,3} {1000} [^ - :alpha: [[:alpha:]]")),
        Target("json-toml", _data_texts, (b'{"a":[1,2.5,"\\u00e9"]}', b"[a]\nb = 1979-05-27T07:32:00Z\n[[c]]\nd = '''x'''\n"),
               (*_JSON_WORDS, *_words('= [[ ]] """ \'\'\' # 0x1 inf nan 1979-05-27 07:32:00'))),
        Target("command-line", _command_line, (b"-f\x1ea\x1e--set=a=b\x1e--no-hooks=false\x1e-n=x\x1e--timeout\x1e5m",),
               _words("- -- = -f --set --timeout --seed --helm 5m 1h x true") + (b"\x1e",)),
        Target("docker-config", _docker_config, (_AUTHS, *_seed("docker/config.json")),
               (*_JSON_WORDS, *_words('"auths" "auth" "username" "password" "credsStore" "credHelpers" "identitytoken"')),
               secret=True),
        Target("secret", _secret, (_SECRET,), (*_YAML_WORDS, *_words("data stringData kind Secret List items")), secret=True),
        Target("helper", _helper, (b'{"Username":"u","Secret":"' + CANARY.encode() + b'"}', b'{"h":"u"}'), _JSON_WORDS),
        Target("registry", _registry, _SERVED,
               (*_JSON_WORDS, *_words("200 201 202 307 401 404 429 503 Link: Location: Range: WWW-Authenticate: Bearer Basic "
                "realm= Retry-After: Docker-Content-Digest: Content-Type: Content-Length: http://[ https:// // ?"), b"\x1e")),
        Target("manifest", _manifest, (_MANIFEST, _INDEX),
               (*_JSON_WORDS, *_words('"manifests" "layers" "config" "digest" "size" "platform" "mediaType" sha256:'))),
        Target("platform", _platforms, (b"linux/amd64", b"linux/arm/v7", b"arm64"), _words("linux / arm v7 amd64")),
        Target("challenge", _challenge, (b'Bearer realm="https://a",scope="b,c", Basic realm=x',),
               _words('Bearer Basic realm = " , \\ Negotiate a')),
        Target("repository-index", _repository_index, (
            b"apiVersion: v1\nentries:\n  a:\n  - {name: a, version: 1.0.0, urls: [a-1.0.0.tgz], digest: x}\n",
            b"repositories:\n- {name: a, url: 'https://x', username: u, password: " + CANARY.encode() + b"}\n",
        ), _YAML_WORDS),
        Target("layout", _layout, (_INDEX,), _JSON_WORDS),
        Target("lock", _lock, (
            b"chartkitLock: 1\nchart: {name: a, version: 1.0.0, digest: x}\nimages:\n- {image: 'a:1', digest: 'sha256:"
            + b"0" * 64 + b"'}\n",
            b"apiVersion: v0\nkind: ImagesLock\nmetadata: {generatedAt: x}\nchart: {name: a, version: 1.0.0}\nimages:\n"
            b"- {name: a, image: 'a:1', chart: b, digests: [{digest: 'sha256:" + b"0" * 64 + b"', arch: linux/amd64}]}\n",
            b"apiVersion: imgpkg.carvel.dev/v1alpha1\nkind: ImagesLock\nimages:\n- {image: 'a@sha256:" + b"0" * 64 + b"'}\n",
        ), _YAML_WORDS),
        Target("bundle", _bundle, (
            b'{"chartkitBundle":1,"chart":"a.tgz","values":["b"],"release":"r","namespace":"n","helm":"4.3"}',
            _tar(("bundle.json", b"{}", tarfile.REGTYPE), ("images/index.json", _INDEX, tarfile.REGTYPE),
                 ("images/oci-layout", b'{"imageLayoutVersion":"1.0.0"}', tarfile.REGTYPE)),
        ), _JSON_WORDS),
        Target("mapping", _mapping, (b"quay.io: mirror.example.com/q\nquay.io/a/b: x/y\n",), _YAML_WORDS),
        Target("config", _config, (
            b"chart: charts/a\nhelm: 4.3\ntargets:\n- name: x\n  values: [a.yaml]\n  expect: b\nrules: {CK101: off}\n",
            b'[tool.chartkit]\nchart = "a"\n[[tool.chartkit.targets]]\nname = "x"\n',
        ), (*_YAML_WORDS, *_words("[tool.chartkit] = [[ ]] targets rules limits expect"))),
        Target("manifests", _manifests, (_POD, _SECRET, b"kind: List\napiVersion: v1\nitems: [{kind: Pod, apiVersion: v1}]\n"),
               (*_YAML_WORDS, *_words("image: containers: kind: Pod spec: apiVersion: env: value: args:"))),
        Target("devfile", _devfile, (
            *_seed("devfiles/nodejs-2.2.1/devfile.yaml"), *_seed("devfiles/ollama/devfile.yaml"),
            b"name: x\nversions:\n- {version: 1.0.0, default: true}\n",
        ), (*_YAML_WORDS, *_words("schemaVersion: components: container: image: {{v}} variables: parent: uri:"))),
        Target("dockerfile", _dockerfile, (
            b'# syntax=docker/dockerfile:1\nARG A=b\nFROM --platform=$B a:${A:-c} AS x\nLABEL IMAGE="y" \\\n  v=1\nFROM x\n'
            b"COPY --from=z/w:1 a b\n# escape=`\nRUN <<E\nFROM q\nE\n",
        ), _words("FROM ARG LABEL COPY --from= AS $ ${ } :- \\ \" ' # <<E = ` scratch")),
        Target("task", _task, _seed("task_api/task.json", "task_api/processing-container.json"),
               (*_JSON_WORDS, *_words('{{ }} {% %} env custom "taskTemplate" "templates" "image" "scale_rule" for range(9)'))),
        Target("python", _python, (*_seed("task_api/pipeline.py"),
               b'from x import Op\nclass A(KaapanaBaseOperator):\n  def __init__(self):\n    super().__init__(dag=d, '
               b'image=f"{DEFAULT_REGISTRY}/a:{V}", cmd="b")\n'),
               _words("( ) [ ] { } f\" \" ' = + class def super image= import \\ : # \n  DEFAULT_REGISTRY lambda")),
        Target("system-values", _system_values, (*_seed("drycc/gcr.yaml", "drycc/ecr.yaml"),
               b"global: {a: b, complete_registry_url: x}\n"),
               (*_YAML_WORDS, *_words("global: registry: gcs: key_json: secret"))),
    )
}  # fmt: skip
"""All targets, by their names."""
