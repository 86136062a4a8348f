"""Every parser that meets bytes of others, as something that can be thrown bytes at.

A target reads its input in all the ways that commands do. What chartkit says of bad input is a `ChartkitError`, or the
`ValueError` that a small parser documents; anything else that leaves a target is a bug, and so is a message with the
canary that stands for a password.
"""

from __future__ import annotations

import gzip
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
    return chart_from_files([File(name, data) for name, data in files.items()], profile=PROFILES[helm], limits=SMALL)


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
    from chartkit.goyaml.load import load, load_all
    from chartkit.goyaml.positions import load_positions

    text = _text(data)
    ways: list[Callable[[str], object]] = [load, load_all]
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
    from chartkit.engine.deep_stack import with_deep_stack
    from chartkit.gojson import decode
    from chartkit.sprig.toml import from_toml

    text = _text(data)
    _each(
        lambda: decode(text),
        lambda: decode(text, v2_errors=True),
        # As in a render: what nests deeply is read on a deeper stack.
        lambda: with_deep_stack(lambda: from_toml(Ambient(), text), Ambient()),
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
