from __future__ import annotations

import threading
import time

import pytest

from chartkit.errors import InputError
from chartkit.oci.crew import Crew, do_all


def test_results_come_in_the_order_of_the_work():
    def slow(number):
        time.sleep(0.02 if number == 0 else 0)
        return number * number

    assert do_all([lambda number=number: slow(number) for number in range(9)], 3) == [n * n for n in range(9)]


def test_nothing_to_do_is_done_at_once():
    assert do_all([], 4) == []


def test_no_more_than_a_few_are_under_way():
    running, most, lock = [0], [0], threading.Lock()

    def task():
        with lock:
            running[0] += 1
            most[0] = max(most[0], running[0])
        time.sleep(0.01)
        with lock:
            running[0] -= 1

    do_all([task] * 12, 3)
    assert most[0] <= 3


def test_tasks_may_add_tasks_and_the_least_rank_comes_first():
    crew, done = Crew(1), []

    def first():
        done.append("first")
        crew.add(lambda: done.append("of the first"), 0)

    crew.add(first, 0)
    crew.add(lambda: done.append("second"), 1)
    crew.run()
    assert done == ["first", "of the first", "second"]


def test_failure_is_raised_and_ends_the_rest():
    crew, done = Crew(1), []

    def fail():
        raise InputError("the disk is full")

    crew.add(fail)
    for _ in range(5):
        crew.add(lambda: done.append(1))
    with pytest.raises(InputError, match="the disk is full"):
        crew.run()
    assert done == []
