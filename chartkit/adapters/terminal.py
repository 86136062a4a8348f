"""The person at the terminal."""

from __future__ import annotations

import sys

from chartkit.errors import InputError


def is_asking_possible() -> bool:
    """Whether somebody can be asked something."""
    return sys.stdin is not None and sys.stdin.isatty()


def is_shown_to_a_person() -> bool:
    """Whether what is printed is read from a screen, and not by a program or into a file."""
    return sys.stdout is not None and sys.stdout.isatty()


def ask_secret(prompt: str) -> str:
    """What a person types in without seeing it.

    Raises:
        InputError: nothing was typed in, or the terminal would show it.
    """
    import getpass
    import warnings

    with warnings.catch_warnings():
        # Where the echo cannot be switched off, getpass only warns, and shows what is typed.
        warnings.simplefilter("error", getpass.GetPassWarning)
        try:
            return getpass.getpass(prompt)
        except getpass.GetPassWarning:
            raise InputError("this terminal would show the password") from None
        except EOFError:
            raise InputError("no password was given") from None
