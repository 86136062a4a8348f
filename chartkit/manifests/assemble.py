"""From the texts of a render to what `helm template` prints.

`collect` gives the manifests and hooks, each a document with its head, in Helm's order; `assemble` makes the final text
of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

from chartkit.errors import TemplateError
from chartkit.goyaml.failure import YAMLError
from chartkit.manifests.head import Head, HeadError, parse_document, read_head
from chartkit.manifests.hooks import ANNOTATION, TEST, hook_events
from chartkit.manifests.order import kind_rank
from chartkit.manifests.show_only import show_only
from chartkit.manifests.split import SPACE, is_blank, split_documents, stream_numbers
from chartkit.memory import Memory
from chartkit.profile import NEWEST, Profile
from chartkit.record import dataclass
from chartkit.source import Position, Source

NOTES: Final = "NOTES.txt"
_CACHED_CHARACTERS: Final = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Manifest:
    """One document of a rendered file.

    Attributes:
        file: the template's path, as in `# Source:`.
        index: the document's number in the YAML stream of that file, from 0; empty documents count.
        start: the character offset in the file's text at which `text` begins.
        text: the document as it is printed.
        head: its apiVersion, kind, name and annotations.
        events: the events it is a hook for; empty for plain manifests.
    """

    file: str
    index: int
    start: int
    text: str
    head: Head
    events: tuple[str, ...] = ()

    @property
    def doc(self) -> Any:
        """The document's value, shared by all manifests of the same text: read-only."""
        return parse_document(self.text)


@dataclass(frozen=True, slots=True)
class AssembleOptions:
    """What goes into the final text.

    Attributes:
        include_crds: the files under crds/ come first.
        no_hooks: hooks are left out.
        skip_tests: hooks for the test event are left out.
        show_only: patterns of the files to print, relative to the root chart; empty means all.
        post_render: takes the text of the manifests (without hooks) and gives the one to print in its place.
    """

    profile: Profile = NEWEST
    include_crds: bool = False
    no_hooks: bool = False
    skip_tests: bool = False
    show_only: tuple[str, ...] = ()
    post_render: Callable[[str], str] | None = None


@dataclass(frozen=True, slots=True)
class Assembled:
    """The documents of a render in the order of printing, and the text they make."""

    text: str
    manifests: tuple[Manifest, ...]
    hooks: tuple[Manifest, ...]
    crds: tuple[tuple[str, str], ...]
    warnings: tuple[str, ...]


def assemble(
    files: Mapping[str, str], *, crds: Sequence[tuple[str, str]] = (), options: AssembleOptions | None = None
) -> Assembled:
    """What `helm template` prints for the rendered files.

    Args:
        files: the rendered text of each template, by path.
        crds: path and text of each file under crds/, of the chart and its subcharts; used on `include_crds` only.
        options: what to print.

    Raises:
        TemplateError: if a document is not YAML, or not a mapping.
        InputError: if a pattern of `show_only` matches no document.
    """
    options = options or AssembleOptions()
    manifests, hooks, warnings = collect(files, options.profile)
    if options.no_hooks:
        hooks = ()
    elif options.skip_tests:
        hooks = tuple(hook for hook in hooks if TEST not in hook.events)
    shown_crds = tuple(crds) if options.include_crds else ()
    body = _stream([*shown_crds, *((each.file, each.text) for each in manifests)])
    if options.post_render:
        body = options.post_render(body)
    text = f"{body.strip(SPACE)}\n{_stream((hook.file, hook.text) for hook in hooks)}"
    if options.show_only:
        text = show_only(text, options.show_only, options.profile.splitting)
    return Assembled(text, manifests, hooks, shown_crds, warnings)


def collect(
    files: Mapping[str, str], profile: Profile = NEWEST
) -> tuple[tuple[Manifest, ...], tuple[Manifest, ...], tuple[str, ...]]:
    """The plain manifests, the hooks, and the warnings about documents left out.

    Raises:
        TemplateError: if a document is not YAML, or not a mapping.
    """
    manifests: list[Manifest] = []
    hooks: list[Manifest] = []
    warnings: list[str] = []
    for file in sorted(files):
        if not _is_manifest_file(file):
            continue
        for manifest in _documents(file, files[file], profile):
            if manifest is None:
                warnings.append(f"{file}: a document is left out, as its {ANNOTATION} names an unknown event")
            else:
                (hooks if manifest.events else manifests).append(manifest)
    for group in (manifests, hooks):
        group.sort(key=lambda each: kind_rank(each.head.kind, profile))
    return tuple(manifests), tuple(hooks), tuple(warnings)


def raw_text(files: Mapping[str, str]) -> str:
    """The rendered files as they are, which Helm prints on `--debug` when one of them is not valid YAML."""
    shown = [(file, files[file]) for file in sorted(files) if not file.endswith(NOTES) and not is_blank(files[file])]
    return f"{_stream(shown).strip(SPACE)}\n"


_known: Final[Memory[tuple[str, str, str], tuple[Manifest | None, ...]]] = Memory(_CACHED_CHARACTERS)


def _is_manifest_file(path: str) -> bool:
    return not path.endswith(NOTES) and not path.rpartition("/")[2].startswith("_")


def _documents(file: str, text: str, profile: Profile) -> tuple[Manifest | None, ...]:
    """The documents of a file; `None` for one that is left out. Those of a text that was seen before are the same."""
    key = file, text, profile.name
    known = _known.get(key)
    if known is None:
        known = tuple(_read_documents(file, text, profile))
        _known.put(key, known, len(text))
    return known


def _read_documents(file: str, text: str, profile: Profile) -> Iterable[Manifest | None]:
    if is_blank(text):
        return
    numbers = stream_numbers(text)
    for start, document in split_documents(text, profile.splitting):
        try:
            head = read_head(document, profile)
        except (YAMLError, HeadError) as error:
            raise _unreadable(file, text, start, error) from error
        events = hook_events(head.annotations)
        yield None if events == () else Manifest(file, numbers(start), start, document, head, events or ())


def _unreadable(file: str, text: str, start: int, error: YAMLError | HeadError) -> TemplateError:
    offset = (error.offset or 0) if isinstance(error, YAMLError) else 0
    reason = error.full if isinstance(error, YAMLError) else str(error)
    # The parser often notices at the end of the text only; the last line that says something is of more use.
    place = min(start + offset, max(start, len(text.rstrip()) - 1))
    position = Position(Source(f"{file} (as rendered)", text), place)
    return TemplateError(f"YAML parse error on {file}: {reason}", position=position)


def _stream(documents: Iterable[tuple[str, str]]) -> str:
    return "".join([f"---\n# Source: {file}\n{text}\n" for file, text in documents])
