"""The exact scanner: YAML text to tokens as go-yaml v2 sees them, with its error messages."""

from __future__ import annotations

import re
from typing import Final

from chartkit.goyaml import tokens
from chartkit.goyaml.reader import BYTE_ORDER_MARK
from chartkit.goyaml.scalars import at_document_indicator, scan_block, scan_plain, scan_quoted, skip_to_line_end
from chartkit.goyaml.tokens import BREAK_OR_END, BREAKS, END, SPACE_OR_END, Cursor, Mark, Token

_NAME: Final = re.compile("[0-9A-Za-z_-]*")
_DIGITS: Final = re.compile("[0-9]*")
_BLANKS: Final = re.compile("[ \t]*")
_SPACES: Final = re.compile(" *")
_COMMENT: Final = re.compile("#[^\n\r\x85\u2028\u2029\0]*")
_URI: Final = re.compile(r"[0-9A-Za-z_;/?:@&=+$,.!~*'()\[\]-]*")
_ESCAPED_OCTET: Final = re.compile("%([0-9A-Fa-f]{2})")

_NEVER_PLAIN: Final = frozenset(",[]{}#&*!|>'\"%@`")
_AFTER_NAME: Final = frozenset(SPACE_OR_END + "?:,]}%@`")
_FLOW_STARTS: Final = {"[": tokens.FLOW_SEQUENCE, "{": tokens.FLOW_MAPPING}
_FLOW_ENDS: Final = {"]": tokens.FLOW_SEQUENCE_END, "}": tokens.FLOW_MAPPING_END}


class Scanner(Cursor):
    """Hands out one token after the other."""

    def __init__(self, text: str, marked: bool = False) -> None:
        super().__init__(text, marked)
        self._started = False
        self._available = False

    def peek(self) -> Token:
        """The next token, which stays in the queue."""
        if not self._available:
            while not self.tokens or self.head_may_be_key():
                self._fetch()
            self._available = True
        return self.tokens[0]

    def take(self) -> None:
        """Drop the token that `peek` gave."""
        self._available = False
        self.taken += 1
        self.tokens.popleft()

    def _fetch(self) -> None:
        """Read one more token into the queue."""
        self.require(1)
        if not self._started:
            self._started = True
            self.start_keys()
            self.add(tokens.STREAM_START, self.mark)
            return
        self._skip_to_token()
        self.unroll_indent(self.column)
        self.require(4)
        character = self.text[self.position]
        if character == END:
            self._fetch_stream_end()
        elif character == "%" and self.column == 0:
            self._fetch_directive()
        elif at_document_indicator(self):
            self._fetch_document_indicator(character * 3)
        elif character in "[]{},":
            self._fetch_flow(character)
        elif not self._fetch_block_indicator(character):
            self._fetch_node(character)

    def _skip_to_token(self) -> None:
        """Step over blanks, comments and line breaks."""
        text = self.text
        if self.position == 0 and text[0] == BYTE_ORDER_MARK:
            self.position = 1
        while True:
            # A tab may not indent: it counts as a blank only where no key can start.
            pattern = _BLANKS if self.flow or not self.key_allowed else _SPACES
            blanks = pattern.match(text, self.position)
            assert blanks is not None
            self.position = blanks.end()
            comment = _COMMENT.match(text, self.position)
            if comment is not None:
                self.position = comment.end()
            self.require(1)
            if text[self.position] not in BREAKS:
                return
            self.skip_break()
            if self.flow == 0:
                self.key_allowed = True

    def _fetch_stream_end(self) -> None:
        """Close all that is open at the end of the text."""
        self.end_line()
        self.unroll_indent(-1)
        self.drop_key()
        self.key_allowed = False
        self.add(tokens.STREAM_END, self.mark)

    def _fetch_document_indicator(self, kind: str) -> None:
        """Read `---` or `...`."""
        self.unroll_indent(-1)
        self.drop_key()
        self.key_allowed = False
        start = self.mark
        self.position += 3
        self.add(kind, start)

    def _fetch_flow(self, character: str) -> None:
        """Read a bracket, a brace or a comma."""
        if character in _FLOW_STARTS:
            self.save_key()
            self.open_flow()
            self.key_allowed = True
            self._fetch_indicator(_FLOW_STARTS[character])
            return
        self.drop_key()
        self.key_allowed = character == ","
        if character != ",":
            self.close_flow()
        self._fetch_indicator(_FLOW_ENDS.get(character, tokens.FLOW_ENTRY))

    def _fetch_indicator(self, kind: str) -> None:
        """Read an indicator of one character."""
        start = self.mark
        self.position += 1
        self.add(kind, start)

    def _fetch_block_indicator(self, character: str) -> bool:
        """Read `-`, `?` or `:` where they are indicators."""
        if character not in "-?:":
            return False
        ends = self.text[self.position + 1] in SPACE_OR_END
        if not ends and (character == "-" or self.flow == 0):
            return False
        if character == "-":
            self._open_entry("block sequence entries", tokens.BLOCK_SEQUENCE, check=self.flow == 0)
            self.drop_key()
            self.key_allowed = True
        elif character == "?":
            self._open_entry("mapping keys", tokens.BLOCK_MAPPING, check=self.flow == 0)
            self.drop_key()
            self.key_allowed = self.flow == 0
        else:
            self._before_value()
        self._fetch_indicator(character)
        return True

    def _open_entry(self, name: str, kind: str, *, check: bool) -> None:
        """Check that an entry of a block collection may start here, and open the collection."""
        if not check:
            return
        if not self.key_allowed:
            self.fail(f"{name} are not allowed in this context", self.line)
        self.roll_indent(self.column, -1, kind, self.mark)

    def _before_value(self) -> None:
        """Settle what a `:` belongs to: the simple key before it, or a key marked with `?`."""
        key = self.keys[-1]
        if self.key_holds(key):
            self.insert_key(key)
            self.key_allowed = False
        else:
            self._open_entry("mapping values", tokens.BLOCK_MAPPING, check=self.flow == 0)
            self.key_allowed = self.flow == 0

    def _fetch_node(self, character: str) -> None:
        """Read an alias, an anchor, a tag or a scalar."""
        if character in "|>" and self.flow == 0:
            self.drop_key()
            self.key_allowed = True
            scan_block(self, character == "|")
            return
        if character not in "*&!'\"" and not self._starts_plain(character):
            self.fail("found character that cannot start any token", self.line)
        self.save_key()
        self.key_allowed = False
        if character in "*&":
            self._scan_name(character)
        elif character == "!":
            self._scan_tag()
        elif character in "'\"":
            scan_quoted(self, character)
        else:
            scan_plain(self)

    def _starts_plain(self, character: str) -> bool:
        """Whether a plain scalar can start with this character."""
        after = self.text[self.position + 1]
        if character == "-":
            return after not in tokens.BLANK
        if character in "?:":
            return self.flow == 0 and after not in SPACE_OR_END
        return character not in _NEVER_PLAIN and character not in SPACE_OR_END

    def _match(self, pattern: re.Pattern[str]) -> str:
        """Step over what a pattern finds here, and give it."""
        found = pattern.match(self.text, self.position)
        assert found is not None
        self.position = found.end()
        self.require(1)
        return found[0]

    def _scan_name(self, kind: str) -> None:
        """Read the name of an anchor or an alias."""
        start = self.mark
        self.position += 1
        name = self._match(_NAME)
        if not name or self.text[self.position] not in _AFTER_NAME:
            self.fail("did not find expected alphabetic or numeric character", start.line)
        self.add(kind, start, name)

    def _scan_tag(self) -> None:
        """Read a tag: `!<uri>`, `!suffix` or `!handle!suffix`."""
        start = self.mark
        self.require(2)
        if self.text[self.position + 1] == "<":
            self.position += 2
            handle, suffix = "", self._scan_uri("", start)
            if self.text[self.position] != ">":
                self.fail("did not find the expected '>'", start.line)
            self.position += 1
        else:
            handle = self._scan_handle(start, directive=False)
            if len(handle) > 1 and handle.endswith("!"):
                suffix = self._scan_uri("", start)
            else:
                suffix = self._scan_uri(handle, start)
                handle, suffix = ("!", suffix) if suffix else ("", "!")
        self.require(1)
        if self.text[self.position] not in SPACE_OR_END:
            self.fail("did not find expected whitespace or line break", start.line)
        self.add(tokens.TAG, start, (handle, suffix))

    def _scan_handle(self, start: Mark, *, directive: bool) -> str:
        """Read `!`, `!!` or `!name!`."""
        self.require(1)
        if self.text[self.position] != "!":
            self.fail("did not find expected '!'", start.line)
        self.position += 1
        handle = "!" + self._match(_NAME)
        if self.text[self.position] == "!":
            self.position += 1
            return handle + "!"
        if directive and handle != "!":
            self.fail("did not find expected '!'", start.line)
        return handle

    def _scan_uri(self, head: str, start: Mark) -> str:
        """Read the characters of a URI, escapes decoded."""
        parts = [head[1:]]
        while True:
            parts.append(self._match(_URI))
            if self.text[self.position] != "%":
                break
            parts.append(self._scan_octets(start))
        uri = "".join(parts)
        if not uri and not head:
            self.fail("did not find expected tag URI", start.line)
        return uri

    def _scan_octets(self, start: Mark) -> str:
        """One character written as %XX escapes of its bytes."""
        data, width = b"", 1
        while len(data) < width:
            self.require(3)
            found = _ESCAPED_OCTET.match(self.text, self.position)
            if found is None:
                self.fail("did not find URI escaped octet", start.line)
            octet = int(found[1], 16)
            if not data:
                width = 1 if octet < 0x80 else 2 if octet & 0xE0 == 0xC0 else 3 if octet & 0xF0 == 0xE0 else 4
                if octet >= 0xF8 or octet & 0xC0 == 0x80:
                    self.fail("found an incorrect leading UTF-8 octet", start.line)
            elif octet & 0xC0 != 0x80:
                self.fail("found an incorrect trailing UTF-8 octet", start.line)
            data += bytes((octet,))
            self.position += 3
        return data.decode("utf-8", "surrogateescape")

    def _fetch_directive(self) -> None:
        """Read a %YAML or %TAG line."""
        self.unroll_indent(-1)
        self.drop_key()
        self.key_allowed = False
        start = self.mark
        self.position += 1
        name = self._match(_NAME)
        if not name:
            self.fail("could not find expected directive name", start.line)
        if self.text[self.position] not in SPACE_OR_END:
            self.fail("found unexpected non-alphabetical character", start.line)
        if name == "YAML":
            self._match(_BLANKS)
            self.add(tokens.VERSION, start, self._scan_version(start))
        elif name == "TAG":
            self._match(_BLANKS)
            self.add(tokens.TAG_DIRECTIVE, start, self._scan_tag_directive(start))
        else:
            self.fail("found unknown directive name", start.line)
        skip_to_line_end(self)
        if self.text[self.position] not in BREAK_OR_END:
            self.fail("did not find expected comment or line break", start.line)
        self.skip_break()

    def _scan_version(self, start: Mark) -> tuple[str, str]:
        """Read the two numbers of a version."""
        major = self._scan_version_number(start)
        if self.text[self.position] != ".":
            self.fail("did not find expected digit or '.' character", start.line)
        self.position += 1
        return major, self._scan_version_number(start)

    def _scan_version_number(self, start: Mark) -> str:
        """Read one number of a version, without leading zeros."""
        begin = self.position
        digits = self._match(_DIGITS)
        if len(digits) > 2:
            self.position = begin + 2
            self.fail("found extremely long version number", start.line)
        if not digits:
            self.fail("did not find expected version number", start.line)
        return digits.lstrip("0") or "0"

    def _scan_tag_directive(self, start: Mark) -> tuple[str, str]:
        """Read the handle and the prefix of a %TAG line."""
        handle = self._scan_handle(start, directive=True)
        self.require(1)
        if self.text[self.position] not in tokens.BLANK:
            self.fail("did not find expected whitespace", start.line)
        self._match(_BLANKS)
        prefix = self._scan_uri("", start)
        if self.text[self.position] not in SPACE_OR_END:
            self.fail("did not find expected whitespace or line break", start.line)
        return handle, prefix
