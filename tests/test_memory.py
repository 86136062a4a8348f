from chartkit.memory import Memory


def test_get_gives_what_was_put():
    memory = Memory(10)
    memory.put("a", "x", 1)
    assert (memory.get("a"), memory.get("b")) == ("x", None)


def test_put_forgets_what_was_not_asked_for_when_the_bound_is_reached_twice():
    memory = Memory(10)
    for key in "abcdefghijklmnopqrstuvwxyz":
        memory.put(key, key, 1)
        assert memory.get("a") == "a"
    assert memory.get("b") is None


def test_put_keeps_no_more_than_twice_the_bound():
    memory = Memory(10)
    for number in range(100):
        memory.put(number, number, 1)
    assert sum(memory.get(number) is not None for number in range(100)) <= 20


def test_clear_forgets_everything():
    memory = Memory(10)
    memory.put("a", "x", 1)
    memory.clear()
    assert memory.get("a") is None
