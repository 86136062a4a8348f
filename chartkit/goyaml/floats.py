"""The text of float keys: go-yaml's way into JSON prints them as 32-bit floats."""

from __future__ import annotations

from chartkit.gotemplate.gofloat import format_float


def float_key(number: float) -> str:
    """The shortest text of the nearest 32-bit float."""
    import struct

    narrow = float("inf")
    if number - number == 0.0:
        try:
            narrow = struct.unpack("f", struct.pack("f", number))[0]
        except OverflowError:
            narrow = float("inf") if number > 0 else float("-inf")
    else:
        narrow = number
    if narrow - narrow != 0.0:
        return {"inf": ".inf", "-inf": "-.inf"}.get(str(narrow), ".nan")
    for digits in range(9):
        text = f"{narrow:.{digits}e}"
        if struct.unpack("f", struct.pack("f", float(text)))[0] == narrow:
            break
    return format_float(float(text))
