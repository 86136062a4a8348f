"""What separates a YAML document from what it should say, and the cuts in its text that make up for it."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from chartkit.errors import InputError
from chartkit.goyaml.compose import ALIAS, MAPPING, SCALAR, SEQUENCE
from chartkit.goyaml.edit_places import FLOW, ITEM, KEY, ROOT, Entry, Place, Sheet, counted
from chartkit.goyaml.edit_writing import block, entry, fits_block, flow_entry, inline, is_inline, item, literal
from chartkit.goyaml.positions import Path
from chartkit.source import Position, Source

_IN_PLACE: Final = 0
_NEW: Final = 1
_OWN: Final = 2


class _Splice(NamedTuple):
    """A range that gets another text."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class _Change:
    """A difference, and the splices that remove it, or the reason why nothing can."""

    path: Path
    phase: int
    splices: tuple[_Splice, ...]
    refusal: InputError | None = None


class Changes:
    """What separates a document from what is wanted: one round of an edit.

    First what is there is changed in place, then new entries are written, last what only an alias or a `<<` gives:
    each may do away with differences of the next kind.
    """

    def __init__(self, sheet: Sheet, failure: Callable[[Path, str, str], InputError]) -> None:
        self._sheet = sheet
        self._failure = failure
        self._found: list[_Change] = []
        self._shortened: set[Path] = set()

    @property
    def paths(self) -> dict[Path, None]:
        """Where the differences are, each once."""
        return dict.fromkeys(change.path for change in self._found)

    def forget(self, paths: Collection[Path]) -> None:
        """Leave some differences as they are."""
        self._found = [change for change in self._found if change.path not in paths]

    def applied(self) -> str:
        """The text with the first kind of changes made."""
        phase = min(change.phase for change in self._found)
        now = [change for change in self._found if change.phase == phase]
        for change in now:
            if change.refusal is not None:
                raise change.refusal
        splices = sorted((splice for change in now for splice in change.splices), key=lambda each: each[:2])
        parts, at = [], 0
        for splice in splices:
            # What overlaps is left for the next round.
            if splice.start >= at:
                parts += [self._sheet.text[at : splice.start], splice.text]
                at = splice.end
        return "".join(parts) + self._sheet.text[at:]

    # -- comparing -----------------------------------------------------------------------------------------------

    def compare(self, old: Any, new: Any) -> None:
        """Find all differences."""
        root = self._sheet.root
        if root is None:
            if new not in (None, {}):
                self._start_document(new)
        else:
            self._compare(old, new, Place(root, ROOT, 0, ()))

    def _compare(self, old: Any, new: Any, place: Place) -> None:
        if same(old, new):
            return
        is_map = type(old) is dict and type(new) is dict and not old.keys().isdisjoint(new)
        is_list = type(old) is list and type(new) is list and old and new
        if place.node.kind == ALIAS:
            self._replace_alias(new, place, is_inside=bool(is_map or is_list))
        elif is_map and place.node.kind == MAPPING:
            self._compare_maps(old, new, place)
        elif is_list and place.node.kind == SEQUENCE:
            self._compare_lists(old, new, place)
        elif old == {} and type(new) is dict and place.node.kind == MAPPING and place.node.children:
            self._add_entries(place, list(new.items()))
        else:
            self._replace(new, place)

    def _compare_maps(self, old: dict[str, Any], new: dict[str, Any], place: Place) -> None:
        entries = counted(place.node)
        for name, value in old.items():
            found = entries[name]
            if name not in new:
                self._remove_entry(place, name, found)
            elif not found.merged:
                self._compare(value, new[name], self._sheet.child(place, found, name))
            elif not same(value, new[name]):
                self._override(place, name, new[name])
        added = [(name, value) for name, value in new.items() if name not in old]
        if added:
            self._add_entries(place, added)

    def _compare_lists(self, old: list[Any], new: list[Any], place: Place) -> None:
        """Compare items; what was put in or taken out stands between what the two have in common."""
        shorter = min(len(old), len(new))
        head = next((at for at in range(shorter) if not same(old[at], new[at])), shorter)
        tail = next((at for at in range(shorter - head) if not same(old[-1 - at], new[-1 - at])), shorter - head)
        if len(old) == len(new):
            head, tail = 0, 0
        common = max(shorter - tail, head)
        for index in range(head, common):
            self._compare(old[index], new[index], self._sheet.item(place, index))
        if len(old) > common + tail:
            self._remove_item(place, common)
        elif len(new) > common + tail:
            self._add_items(place, common, new[common : len(new) - tail])

    # -- changes in place ----------------------------------------------------------------------------------------

    def _replace(self, value: Any, place: Place, phase: int = _IN_PLACE) -> None:
        """Write another value where one stands."""
        sheet, node = self._sheet, place.node
        if place.kind == FLOW or node.kind == ALIAS or node.flow or sheet.block_head(node) is None:
            is_block = node.kind in (MAPPING, SEQUENCE) and not node.flow
        else:
            is_block = True
        if place.kind == FLOW:
            splices = self._replace_in_line(inline(value, self._quote(place), flow=True), place)
        elif is_block:
            splices = self._replace_block(value, place)
        elif is_inline(value):
            splices = self._replace_in_line(inline(value, sheet.quote(node)), place)
        else:
            splices = self._unfold(value, place)
        self._note(place.path, phase, *splices)

    def _replace_in_line(self, text: str, place: Place) -> list[_Splice]:
        start, end = self._sheet.content(place.node)
        if start == end:
            text = self._lead(start, place) + text
        return [_Splice(start, end, text)]

    def _lead(self, offset: int, place: Place) -> str:
        """What must stand before a value where none was written: a blank, perhaps the colon."""
        text = self._sheet.text
        has_colon = place.key is None or ":" in text[place.key.end : offset]
        blank = "" if offset and text[offset - 1] in " \t\n" else " "
        return blank if has_colon else ": "

    def _unfold(self, value: Any, place: Place) -> list[_Splice]:
        """Write lines where a value stood on its key's line."""
        sheet = self._sheet
        start, end = sheet.content(place.node)
        head, lines = self._lines(value, place)
        rest, line_end = sheet.rest(end), sheet.line_end(end)
        if place.kind == ROOT:
            whole = sheet.style.joined([head, *lines] if head else lines)
            # A document may begin behind its `---`, where no block can.
            lead = "" if head or start == sheet.line_start(start) else sheet.style.line_break
            return [_Splice(start, end if rest.strip() else line_end, lead + whole)]
        below = _Splice(line_end, line_end, sheet.style.line_break + sheet.style.joined(lines))
        if head:
            return [_Splice(start, end, (self._lead(start, place) if start == end else "") + head), below]
        if place.kind == ITEM and not rest.strip():
            lead = self._lead(start, place) if start == end else ""
            return [_Splice(start, line_end, lead + sheet.style.joined(lines).lstrip(" "))]
        before = len(sheet.text[:start].rstrip(" \t"))
        if rest.strip():
            return [_Splice(before, end, ""), below]
        return [_Splice(before, line_end, sheet.style.line_break + sheet.style.joined(lines))]

    def _replace_block(self, value: Any, place: Place) -> list[_Splice]:
        """Write another value where one takes several lines: what follows its key, and the lines below."""
        sheet, node = self._sheet, place.node
        end = sheet.end_line(node)
        head, lines = self._lines(value, place)
        scalar_head = sheet.block_head(node)
        if scalar_head is not None and (head or place.kind == KEY):
            start = sheet.content(node)[0]
            line_end = sheet.line_end(scalar_head)
            start = start if head else len(sheet.text[:start].rstrip(" \t"))
            return [_Splice(start, scalar_head, head), self._below(line_end, max(end, line_end), lines)]
        if place.kind != KEY or place.key is None:
            whole = sheet.style.joined([head, *lines] if head else lines).lstrip(" ")
            return [_Splice(node.start, end, whole)]
        colon = sheet.colon_end(place.key)
        properties = sheet.properties_end(colon)
        line_end = min(sheet.line_end(properties), end)
        if sheet.line_start(node.end) <= colon:
            # The collection begins behind the colon of an explicit key.
            line_end = properties
        first = _Splice(colon, properties, f" {head}" if head else "")
        return [first, self._below(line_end, end, lines)]

    def _below(self, start: int, end: int, lines: list[str]) -> _Splice:
        style = self._sheet.style
        return _Splice(start, end, style.line_break + style.joined(lines) if lines else "")

    def _lines(self, value: Any, place: Place) -> tuple[str, list[str]]:
        """What is written behind a key or dash, and the lines below it."""
        style, node = self._sheet.style, place.node
        # A block of one line stays a block.
        stays = type(value) is str and value.endswith("\n") and self._sheet.block_head(node) is not None
        if is_inline(value) and not (stays and fits_block(value)):
            return inline(value, self._sheet.quote(node)), []
        if type(value) is not str:
            return "", block(value, self._indent(value, place), style)
        indent = self._sheet.block_indent(node) if self._sheet.block_head(node) is not None else 0
        if indent <= place.column:
            indent = place.column + (style.step if place.kind == KEY else 2)
        return literal(value, indent, place.column)

    def _indent(self, value: Any, place: Place) -> int:
        """The column at which a collection begins at a place."""
        if place.kind != ITEM:
            return 0 if place.kind == ROOT else place.column + self._sheet.style.under(value)
        # Behind a dash it begins where the old value did, however many blanks are between.
        node = place.node
        column = node.start - self._sheet.line_start(node.start)
        is_written = node.kind != SCALAR or node.start < node.end
        return column if is_written and column > place.column + 1 else place.column + 2

    def _quote(self, place: Place) -> str:
        """The quotes in use at a place in brackets: JSON stays JSON."""
        own = self._sheet.quote(place.node)
        return own or (self._sheet.quote(place.key) if place.key else "")

    # -- new entries ---------------------------------------------------------------------------------------------

    def _start_document(self, value: Any) -> None:
        """Write the first value of a document that has only comments."""
        style = self._sheet.style
        text = style.joined(block(value, 0, style)) if not is_inline(value) else inline(value)
        at = len(self._sheet.text)
        if at and not self._sheet.text.endswith("\n"):
            self._note((), _NEW, _Splice(at, at, style.line_break + text))
        else:
            self._note((), _NEW, _Splice(at, at, text + style.line_break))

    def _add_entries(self, place: Place, added: list[tuple[str, Any]], phase: int = _NEW) -> None:
        """Write new keys behind the last one of a map."""
        sheet, node = self._sheet, place.node
        if node.flow:
            quote = sheet.quote(node.children[0])
            splices = self._add_in_brackets(node, [flow_entry(name, value, quote) for name, value in added], 2)
        else:
            column = sheet.block_column(place)
            lines = [line for name, value in added for line in entry(name, value, column, sheet.style)]
            end = sheet.document_end() if place.kind == ROOT else None
            end = sheet.end_line(node) if end is None else end
            splices = [_Splice(end, end, sheet.style.line_break + sheet.style.joined(lines))]
        for name, _ in added:
            self._note((*place.path, name), phase, *splices)
            splices = []

    def _add_items(self, place: Place, index: int, values: list[Any]) -> None:
        """Write new items into a list, before the one at an index."""
        sheet, node = self._sheet, place.node
        if node.flow:
            quote = sheet.quote(node.children[0])
            texts = [inline(value, quote, flow=True) for value in values]
            if index == 0:
                start = node.children[0].start
                splices = [_Splice(start, start, "".join(f"{text}, " for text in texts))]
            else:
                splices = self._add_in_brackets(node, texts, 1, node.children[index - 1])
        else:
            column = sheet.block_column(place)
            lines = [line for value in values for line in item(value, column, sheet.style)]
            if index == 0:
                start = sheet.dash(node.children[0])
                pad = sheet.style.line_break + " " * column
                splices = [_Splice(start, start, sheet.style.joined(lines).lstrip(" ") + pad)]
            else:
                end = sheet.end_line(node.children[index - 1])
                splices = [_Splice(end, end, sheet.style.line_break + sheet.style.joined(lines))]
        for offset in range(len(values)):
            self._note((*place.path, index + offset), _NEW, *splices)
            splices = []

    def _add_in_brackets(self, node: Any, texts: list[str], width: int, last: Any = None) -> list[_Splice]:
        """Write entries behind the last one in brackets, on lines of their own where that one has its own."""
        sheet = self._sheet
        last = node.children[-1] if last is None else last
        first = node.children[-width] if last is node.children[-1] else last
        start = sheet.line_start(first.start)
        pad = sheet.text[start : first.start]
        gap = " " if pad.strip() else sheet.style.line_break + pad
        end = last.close if last.kind in (MAPPING, SEQUENCE) else last.end
        # An empty value is placed before the bracket, behind the blanks.
        end = len(sheet.text[:end].rstrip()) if last.kind == SCALAR and last.start == last.end else end
        return [_Splice(end, end, "".join(f",{gap}{text}" for text in texts))]

    # -- removals ------------------------------------------------------------------------------------------------

    def _remove_entry(self, place: Place, name: str, found: Entry) -> None:
        sheet, path = self._sheet, (*place.path, name)
        if found.merged:
            self._refuse(Place(place.node, KEY, place.column, path), "comes by a merge key (<<)")
            return
        children = place.node.children
        index = next(at for at in range(0, len(children), 2) if children[at] is found.key)
        start = sheet.entry_start(found.key)
        following = children[index + 2] if index + 2 < len(children) else None
        self._remove(path, place, (start, found.value), following, children[index - 1] if index else None)

    def _remove_item(self, place: Place, index: int) -> None:
        sheet, children = self._sheet, place.node.children
        start = children[index].start if place.node.flow else sheet.dash(children[index])
        following = children[index + 1] if index + 1 < len(children) else None
        before = children[index - 1] if index else None
        self._remove((*place.path, index), place, (start, children[index]), following, before)

    def _remove(self, path: Path, place: Place, what: tuple[int, Any], following: Any, before: Any) -> None:
        """Take an entry away, with its line where it has one of its own; one in a round."""
        if any(
            change.path[:-1] == path[:-1] and not change.splices[0].text for change in self._found if change.splices
        ):
            self._note(path, _IN_PLACE)
            return
        sheet, (start, node) = self._sheet, what
        if place.node.flow:
            end = node.close if node.kind in (MAPPING, SEQUENCE) else node.end
            if following is not None:
                ahead = sheet.entry_start(following) if place.node.kind == MAPPING else following.start
                self._note(path, _IN_PLACE, _Splice(start, ahead, ""))
            else:
                behind = before.close if before.kind in (MAPPING, SEQUENCE) else before.end
                self._note(path, _IN_PLACE, _Splice(behind, end, ""))
            return
        line = sheet.line_start(start)
        end = max(sheet.end_line(node), sheet.line_end(start))
        if not sheet.text[line:start].strip():
            end = end if before is None else sheet.orphans_end(before, end)
            self._note(path, _IN_PLACE, _Splice(line, sheet.after_line(end), ""))
        else:
            is_map = place.node.kind == MAPPING
            ahead = sheet.entry_start(following) if is_map else sheet.dash(following)
            self._note(path, _IN_PLACE, _Splice(start, ahead, ""))

    # -- aliases and merges --------------------------------------------------------------------------------------

    def _replace_alias(self, value: Any, place: Place, *, is_inside: bool) -> None:
        """Give a place its own value in place of an alias."""
        if is_inside:
            self._refuse(place, f"comes by the alias *{place.node.text}")
        else:
            self._replace(value, place, _OWN)

    def _override(self, place: Place, name: str, value: Any) -> None:
        """Write a value of its own behind the merge that brings another."""
        inner = Place(place.node, KEY, place.column, (*place.path, name))
        if type(value) in (dict, list):
            self._refuse(inner, "comes by a merge key (<<)")
        else:
            self._add_entries(place, [(name, value)], _OWN)

    def _refuse(self, place: Place, fault: str) -> None:
        """Note that a place cannot have a value of its own; an edit at the anchor may yet make that needless."""
        target = place.node.target
        line = Position(Source("", self._sheet.text), target.start).line if target else 0
        where = f", written in line {line}" if line else ""
        refusal = self._failure(
            place.path,
            f"{fault}{where}: what is in it cannot be changed here alone",
            "change it for all places that share it",
        )
        self._found.append(_Change(place.path, _OWN, (), refusal))

    def _note(self, path: Path, phase: int, *splices: _Splice) -> None:
        self._found.append(_Change(path, phase, splices))


def same(first: Any, second: Any) -> bool:
    """Whether two trees are equal; true and 1 are not."""
    if type(first) is not type(second):
        return False
    if type(first) is dict:
        return first.keys() == second.keys() and all(same(value, second[key]) for key, value in first.items())
    if type(first) is list:
        return len(first) == len(second) and all(map(same, first, second))
    return bool(first == second)
