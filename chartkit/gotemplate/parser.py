"""Tokens to syntax trees, with Go's grammar and Go's error messages.

    template  = { text | action | define }
    define    = "define" string body "end"
    action    = pipeline | if | with | range | "break" | "continue" | template | block
    if        = "if" pipeline body [ "else" ( if | body ) ] "end"         (with and range likewise)
    pipeline  = [ variable [ "," variable ] ( ":=" | "=" ) ] command { "|" command }
    command   = operand { space operand }
    operand   = term { field }
    term      = literal | function | "." | field | variable | "(" pipeline ")"

The parser knows the names of functions, not what they do: an unknown name is an error here, as in Go.
"""

from __future__ import annotations

from collections.abc import Container
from typing import NoReturn

from chartkit.errors import ParseError
from chartkit.goquote import quote
from chartkit.gotemplate import lexer
from chartkit.gotemplate.lexer import Token
from chartkit.gotemplate.literals import InvalidLiteral, Number, parse_character, parse_complex, parse_number, unquote
from chartkit.gotemplate.nodes import (
    Action,
    Body,
    Bool,
    Break,
    Chain,
    Command,
    Continue,
    Dot,
    Field,
    Identifier,
    If,
    Nil,
    NumberLiteral,
    Operand,
    Pipe,
    Range,
    Statement,
    String,
    TemplateCall,
    Text,
    Tree,
    Variable,
    With,
)
from chartkit.source import Position, Source

_OPERAND_STARTS = frozenset(
    {
        lexer.BOOL,
        lexer.CHARACTER,
        lexer.COMPLEX,
        lexer.DOT,
        lexer.FIELD,
        lexer.IDENTIFIER,
        lexer.NUMBER,
        "nil",
        lexer.RAW_STRING,
        lexer.STRING,
        lexer.VARIABLE,
        lexer.LEFT_PAREN,
    }
)


def parse(source: Source, functions: Container[str]) -> dict[str, Tree]:
    """The templates of one file by name: the file itself under `source.name`, and each `define` and `block`.

    Args:
        source: the template text, named as the template.
        functions: the names that may be called.

    Raises:
        ParseError: with the text of Go's parser, `template: NAME:LINE: ...`.
    """
    parser = _Parser(source, functions)
    return parser.run()


class _End:
    """What closes a body: `{{end}}` or `{{else}}`, with the offset after which it stands."""

    __slots__ = ("kind", "start")

    def __init__(self, kind: str, start: int) -> None:
        self.kind = kind
        self.start = start

    def __str__(self) -> str:
        return f"{{{{{self.kind}}}}}"


class _Parser:
    """The state of parsing one file."""

    def __init__(self, source: Source, functions: Container[str]) -> None:
        self.source = source
        self.functions = functions
        self.tokens = lexer.lex(source.text)
        self.index = 0
        self.furthest = 0
        self.trees: dict[str, Tree] = {}
        self.variables: list[str] = ["$"]
        self.range_depth = 0
        self.action_start = -1

    # --- tokens

    def next(self) -> Token:
        """The next token; at the end, the last one again."""
        index = self.index
        if index >= len(self.tokens):
            index = len(self.tokens) - 1
        self.index = index + 1
        if index > self.furthest:
            self.furthest = index
        return self.tokens[index]

    def peek(self) -> Token:
        """The next token, left where it is."""
        token = self.next()
        self.index -= 1
        return token

    def next_non_space(self) -> Token:
        """The next token that is not white space."""
        token = self.next()
        while token.kind == lexer.SPACE:
            token = self.next()
        return token

    def peek_non_space(self) -> Token:
        """Skips white space; the token after it, left where it is."""
        token = self.next_non_space()
        self.index -= 1
        return token

    # --- errors

    def fail(self, message: str) -> NoReturn:
        """Stops with Go's message, at the line of the furthest token read."""
        position = Position(self.source, min(self.tokens[self.furthest].start, len(self.source.text)))
        raise ParseError(f"template: {self.source.name}:{position.line}: {message}", position=position)

    def unexpected(self, token: Token, context: str) -> NoReturn:
        """Stops at a token that the grammar does not allow here."""
        if token.kind == lexer.ERROR:
            self.fail(token.text + self._action_started(token))
        self.fail(f"unexpected {_token_text(token)} in {context}")

    def _action_started(self, token: Token) -> str:
        """Go says where a many-line action began, when the error is on another line."""
        if self.action_start < 0:
            return ""
        began = Position(self.source, self.action_start).line
        if began == Position(self.source, min(token.start, len(self.source.text))).line:
            return ""
        extra = f" in action started at {self.source.name}:{began}"
        return extra[len(" in action") :] if token.text.endswith(" action") else extra

    def expect(self, kinds: tuple[str, ...], context: str) -> Token:
        """The next token that is not white space, which must be of one of these kinds."""
        token = self.next_non_space()
        if token.kind not in kinds:
            self.unexpected(token, context)
        return token

    # --- templates

    def run(self) -> dict[str, Tree]:
        """Parse the whole file."""
        nodes: list[Statement] = []
        while self.peek().kind != lexer.EOF:
            if self._define_follows():
                self.define()
                continue
            node = self.text_or_action()
            if isinstance(node, _End):
                self.fail(f"unexpected {node}")
            nodes.append(node)
        self.add(self.source.name, Body(0, tuple(nodes)))
        return self.trees

    def _define_follows(self) -> bool:
        mark = self.index
        if self.next().kind == lexer.LEFT_DELIM and self.next_non_space().kind == "define":
            return True
        self.index = mark
        return False

    def add(self, name: str, body: Body) -> None:
        """Register a template; of two with content in one file, Go refuses the second."""
        tree = Tree(name, self.source, body)
        known = self.trees.get(name)
        if known is None or known.empty:
            self.trees[name] = tree
        elif not tree.empty:
            self.fail(f"template: multiple definition of template {quote(name)}")

    def define(self) -> None:
        """A `define`, from after its keyword. Its body sees no variable of the file around it."""
        context = "define clause"
        token = self.expect((lexer.STRING, lexer.RAW_STRING), context)
        name = self._unquote(token)
        self.expect((lexer.RIGHT_DELIM,), context)
        self._separate_body(name, context)

    def _separate_body(self, name: str, context: str) -> None:
        outer = self.variables, self.range_depth
        self.variables, self.range_depth = ["$"], 0
        body, end = self.body()
        if end.kind != "end":
            self.fail(f"unexpected {end} in {context}")
        self.add(name, body)
        self.variables, self.range_depth = outer

    def _unquote(self, token: Token) -> str:
        try:
            return unquote(token.text)
        except InvalidLiteral as error:
            self.fail(str(error))

    # --- statements

    def body(self) -> tuple[Body, _End]:
        """Statements up to the `end` or `else` that closes them."""
        start = self.peek_non_space().start
        nodes: list[Statement] = []
        while self.peek_non_space().kind != lexer.EOF:
            node = self.text_or_action()
            if isinstance(node, _End):
                return Body(start, tuple(nodes)), node
            nodes.append(node)
        self.fail("unexpected EOF")

    def text_or_action(self) -> Statement | _End:
        """One piece of text, or one action with all that it encloses."""
        token = self.next_non_space()
        if token.kind == lexer.TEXT:
            return Text(token.start, token.text)
        if token.kind == lexer.LEFT_DELIM:
            self.action_start = token.start
            node = self.action()
            self.action_start = -1
            return node
        self.unexpected(token, "input")

    def action(self) -> Statement | _End:
        """An action, from after its left delimiter."""
        mark = self.index
        token = self.next_non_space()
        match token.kind:
            case "if":
                return If(*self.control("if"))
            case "with":
                return With(*self.control("with"))
            case "range":
                return Range(*self.control("range"))
            case "else":
                return self.else_clause()
            case "end":
                return _End("end", self.expect((lexer.RIGHT_DELIM,), "end").start)
            case "break" | "continue":
                return self.loop_control(token)
            case "template":
                return self.template_call()
            case "block":
                return self.block()
        self.index = mark
        start = self.peek_non_space().start
        return Action(start, self.pipeline("command", lexer.RIGHT_DELIM))

    def loop_control(self, token: Token) -> Statement:
        """`break` or `continue`, from after the keyword."""
        following = self.next_non_space()
        if following.kind != lexer.RIGHT_DELIM:
            self.unexpected(following, f"{{{{{token.kind}}}}}")
        if self.range_depth == 0:
            self.fail(f"{{{{{token.kind}}}}} outside {{{{range}}}}")
        return Break(token.start) if token.kind == "break" else Continue(token.start)

    def control(self, word: str) -> tuple[int, Pipe, Body, Body | None]:
        """`if`, `with` or `range`, from after the keyword: offset, pipeline, body and else."""
        known = len(self.variables)
        pipe = self.pipeline(word, lexer.RIGHT_DELIM)
        if word == "range":
            self.range_depth += 1
        body, end = self.body()
        if word == "range":
            self.range_depth -= 1
        otherwise = None
        if end.kind == "else":
            otherwise = self.else_body(word, end)
        del self.variables[known:]
        return pipe.start, pipe, body, otherwise

    def else_body(self, word: str, end: _End) -> Body:
        """What follows an `else`. `else if` and `else with` share the outer `end`."""
        if word != "range" and self.peek().kind == word:
            self.next()
            branch = If(*self.control("if")) if word == "if" else With(*self.control("with"))
            return Body(end.start, (branch,))
        body, closing = self.body()
        if closing.kind != "end":
            self.fail(f"expected end; found {closing}")
        return body

    def else_clause(self) -> _End:
        """`else`, from after the keyword; a following `if` or `with` is left for `else_body`."""
        following = self.peek_non_space()
        if following.kind in ("if", "with"):
            return _End("else", following.start)
        return _End("else", self.expect((lexer.RIGHT_DELIM,), "else").start)

    def template_name(self, token: Token, context: str) -> str:
        """The name in a `template` or `block`, which must be a literal."""
        if token.kind not in (lexer.STRING, lexer.RAW_STRING):
            self.unexpected(token, context)
        return self._unquote(token)

    def template_call(self) -> TemplateCall:
        """`template`, from after the keyword."""
        context = "template clause"
        token = self.next_non_space()
        name = self.template_name(token, context)
        mark = self.index
        pipe = None
        if self.next_non_space().kind != lexer.RIGHT_DELIM:
            self.index = mark
            pipe = self.pipeline(context, lexer.RIGHT_DELIM)
        return TemplateCall(token.start, name, quote(name), pipe)

    def block(self) -> TemplateCall:
        """`block`, from after the keyword: a define and a call at once."""
        context = "block clause"
        token = self.next_non_space()
        name = self.template_name(token, context)
        pipe = self.pipeline(context, lexer.RIGHT_DELIM)
        self._separate_body(name, context)
        return TemplateCall(token.start, name, quote(name), pipe)

    # --- pipelines

    def pipeline(self, context: str, end: str) -> Pipe:
        """A pipeline up to and with its closing token."""
        start = self.peek_non_space().start
        variables, assigns = self.declarations(context)
        commands: list[Command] = []
        while True:
            mark = self.index
            token = self.next_non_space()
            if token.kind == end:
                break
            if token.kind not in _OPERAND_STARTS:
                self.unexpected(token, context)
            self.index = mark
            commands.append(self.command())
        self._check_pipeline(commands, context)
        return Pipe(start, tuple(commands), variables, assigns)

    def _check_pipeline(self, commands: list[Command], context: str) -> None:
        if not commands:
            self.fail(f"missing value for {context}")
        for stage, command in enumerate(commands[1:], 2):
            if isinstance(command.arguments[0], (Bool, Dot, Nil, NumberLiteral, String)):
                self.fail(f"non executable command in pipeline stage {stage}")

    def declarations(self, context: str) -> tuple[tuple[Variable, ...], bool]:
        """The variables before `:=` or `=`, and whether they are assigned rather than declared."""
        found: list[Variable] = []
        while True:
            mark = self.index
            token = self.peek_non_space()
            if token.kind != lexer.VARIABLE:
                return tuple(found), False
            self.next()
            following = self.peek_non_space()
            comma = following.kind == lexer.CHAR and following.text == ","
            if not comma and following.kind not in (lexer.ASSIGN, lexer.DECLARE):
                self.index = mark
                return tuple(found), False
            self.next_non_space()
            found.append(Variable(token.start, token.text))
            self.variables.append(token.text)
            if not comma:
                return tuple(found), following.kind == lexer.ASSIGN
            if context != "range" or len(found) > 1:
                self.fail(f"too many declarations in {context}")
            if self.peek_non_space().kind not in (lexer.VARIABLE, lexer.RIGHT_DELIM, lexer.RIGHT_PAREN):
                self.fail("range can only initialize variables")

    def command(self) -> Command:
        """Operands up to a `|`, which is taken, or a closing token, which is left."""
        start = self.peek_non_space().start
        operands: list[Operand] = []
        while True:
            self.peek_non_space()
            operand = self.operand()
            if operand is not None:
                operands.append(operand)
            token = self.next()
            if token.kind == lexer.SPACE:
                continue
            if token.kind in (lexer.RIGHT_DELIM, lexer.RIGHT_PAREN):
                self.index -= 1
            elif token.kind != lexer.PIPE:
                self.unexpected(token, "operand")
            break
        if not operands:
            self.fail("empty command")
        return Command(start, tuple(operands))

    def operand(self) -> Operand | None:
        """A term with the fields that follow it without a space; `None` where no operand begins."""
        node = self.term()
        if node is None or self.peek().kind != lexer.FIELD:
            return node
        start = self.peek().start
        names: list[str] = []
        while self.peek().kind == lexer.FIELD:
            names.append(self.next().text[1:])
        if isinstance(node, Field):
            return Field(start, (*node.names, *names))
        if isinstance(node, Variable):
            return Variable(start, node.name, (*node.fields, *names))
        if isinstance(node, (Bool, String, NumberLiteral, Nil, Dot)):
            self.fail(f"unexpected . after term {quote(str(node))}")
        return Chain(start, node, tuple(names))

    def term(self) -> Operand | None:
        """One literal, name, field, variable or parenthesised pipeline."""
        mark = self.index
        token = self.next_non_space()
        match token.kind:
            case lexer.IDENTIFIER:
                if token.text not in self.functions:
                    self.fail(f"function {quote(token.text)} not defined")
                return Identifier(token.start, token.text)
            case lexer.DOT:
                return Dot(token.start)
            case "nil":
                return Nil(token.start)
            case lexer.VARIABLE:
                if token.text not in self.variables:
                    self.fail(f"undefined variable {quote(token.text)}")
                return Variable(token.start, token.text)
            case lexer.FIELD:
                return Field(token.start, (token.text[1:],))
            case lexer.BOOL:
                return Bool(token.start, token.text == "true")
            case lexer.CHARACTER | lexer.COMPLEX | lexer.NUMBER:
                return NumberLiteral(token.start, self._number(token))
            case lexer.LEFT_PAREN:
                return self.pipeline("parenthesized pipeline", lexer.RIGHT_PAREN)
            case lexer.STRING | lexer.RAW_STRING:
                return String(token.start, token.text, self._unquote(token))
        self.index = mark
        return None

    def _number(self, token: Token) -> Number:
        try:
            if token.kind == lexer.CHARACTER:
                return parse_character(token.text)
            return parse_complex(token.text) if token.kind == lexer.COMPLEX else parse_number(token.text)
        except InvalidLiteral as error:
            self.fail(str(error))


def _token_text(token: Token) -> str:
    """A token as Go's messages show it: keywords and the dot in angle brackets, all else quoted and cut to ten."""
    if token.kind == lexer.EOF:
        return "EOF"
    if token.kind in lexer.KEYWORDS or token.kind == lexer.DOT:
        return f"<{token.text}>"
    if len(token.text.encode("utf-8", "surrogateescape")) > 10:
        return quote(token.text[:10]) + "..."
    return quote(token.text)
