"""Lookups, marks and spans: cutting, moving and joining them."""

from __future__ import annotations

import pytest

from chartkit.origin import (
    Lookup,
    Mark,
    Span,
    all_consulted,
    all_sources,
    before,
    covered,
    cut,
    derived,
    everything,
    held_by,
    joined,
    of_pieces,
    pieces,
    shifted,
    union,
    with_consulted,
)

A = Lookup("values", ("a",), "value", "x")
B = Lookup("values", ("b",), "value", "y")
C = Lookup("values", ("c",), "absent", None)


def span(start: int, end: int, *, copied: bool = True) -> Span:
    return Span(start, end, (A,), copied, (C,))


@pytest.mark.parametrize(
    ("value", "held"),
    [
        (None, "absent"),
        ("", "empty"),
        ({}, "empty"),
        ([], "empty"),
        (False, "value"),
        (0, "value"),
        (0.0, "value"),
        ("x", "value"),
        ({"a": None}, "value"),
    ],
    ids=repr,
)
def test_held_by_tells_nothing_from_empty(value, held):
    assert held_by(value) == held


@pytest.mark.parametrize(
    ("first", "second", "both"),
    [
        ((), (), ()),
        ((A,), (), (A,)),
        ((), (A,), (A,)),
        ((A, B), (B, A), (A, B)),
        ((A,), (C, A, B), (A, C, B)),
    ],
)
def test_joined_has_each_lookup_once_in_order(first, second, both):
    assert joined(first, second) == both


def test_joined_tells_kinds_apart_when_paths_are_equal():
    metadata = A._replace(kind="chart_metadata")
    assert joined((A,), (metadata,)) == (A, metadata)


@pytest.mark.parametrize(
    ("start", "end", "shift", "wanted"),
    [
        pytest.param(0, 9, 0, [(2, 6)], id="all"),
        pytest.param(3, 5, 0, [(0, 2)], id="inside"),
        pytest.param(3, 5, 10, [(10, 12)], id="inside, moved"),
        pytest.param(0, 4, 0, [(2, 4)], id="beginning"),
        pytest.param(4, 9, 1, [(1, 3)], id="end, moved"),
        pytest.param(6, 9, 0, [], id="after"),
        pytest.param(0, 2, 0, [], id="before"),
    ],
)
def test_cut_keeps_what_lies_inside(start, end, shift, wanted):
    found = cut([span(2, 6)], start, end, shift)
    assert [(each.start, each.end) for each in found] == wanted
    assert all(each.copied and each.sources == (A,) for each in found)


@pytest.mark.parametrize(("start", "end"), [(0, 3), (3, 5), (1, 4), (3, 3)])
def test_cut_keeps_empty_spans_when_they_touch_an_edge(start, end):
    assert cut([span(3, 3)], start, end) == [span(3 - start, 3 - start)]


def test_cut_drops_empty_spans_when_they_lie_outside():
    assert cut([span(3, 3)], 4, 6) == []


def test_cut_keeps_what_was_computed_as_computed():
    assert [each.copied for each in cut([span(0, 4, copied=False)], 1, 3)] == [False]


def test_shifted_moves_every_span():
    assert shifted([span(0, 2), span(4, 4)], 3) == [span(3, 5), span(7, 7)]


def test_pieces_is_one_span_when_the_text_is_in_one_piece():
    assert pieces(Mark((A,), (C,), True), "text") == (Span(0, 4, (A,), True, (C,)),)


def test_pieces_of_nothing_known_are_none():
    assert pieces(None, "text") == ()
    assert of_pieces([]) is None


def test_pieces_have_what_decided_the_whole_when_the_text_has_gaps():
    mark = Mark((), (B,), spans=(Span(1, 2, (A,), True, ()),))
    assert pieces(mark, "text") == (
        Span(0, 1, (), False, (B,)),
        Span(1, 2, (A,), True, (B,)),
        Span(2, 4, (), False, (B,)),
    )


def test_pieces_leave_gaps_when_nothing_decided_the_whole():
    spans = (Span(1, 2, (A,), True, ()),)
    assert pieces(Mark(spans=spans), "text") == spans


def test_covered_adds_nothing_when_there_are_no_gaps():
    spans = [span(0, 2), span(2, 2), span(2, 4)]
    assert covered(spans, 4, ()) == spans


def test_derived_is_one_span_of_all_that_is_known():
    mark = Mark(spans=(Span(0, 1, (A,), True, (C,)), Span(1, 2, (B,), True, ())))
    assert derived(mark, "long") == (Span(0, 4, (A, B), False, (C,)),)
    assert derived(None, "long") == ()


def test_all_sources_and_all_consulted_gather_from_pieces():
    mark = Mark((), (C,), spans=(Span(0, 1, (A,), True, ()), Span(1, 2, (), False, (B,))))
    assert all_sources(mark) == (A,)
    assert all_consulted(mark) == (C, B)
    assert everything(mark) == (C, B, A)
    assert everything(None) == ()


def test_union_is_coarse_and_never_silent():
    assert union([Mark((A,), (), True), None, Mark((B,), (C,))]) == Mark((A, B), (C,))
    assert union([None, None]) is None


def test_with_consulted_puts_what_was_looked_at_first_in_front():
    assert with_consulted(Mark((A,), (B,), True), (C,)) == Mark((A,), (C, B), True)
    assert with_consulted(None, (C,)) == Mark((), (C,))
    assert with_consulted(None, ()) is None


@pytest.mark.parametrize(
    ("at", "found"), [(0, None), (1, None), (2, span(1, 3)), (3, span(1, 3)), (4, span(3, 5)), (6, None)]
)
def test_before_finds_the_span_of_the_last_character(at, found):
    assert before([span(1, 3), span(3, 5)], at) == found
