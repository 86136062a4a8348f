"""The images of Airflow code in the form of all other images, with the places in the Python files."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from chartkit.images.judge import NOTHING, Verdict, judge
from chartkit.images.use import Certainty, ImageUse, Level, Resource
from chartkit.manifests.assemble import Manifest
from chartkit.manifests.head import Head
from chartkit.reference import ImageReference, InvalidReference
from chartkit.systems.kaapana.operators import OperatorImage, operator_images
from chartkit.systems.kaapana.python_file import python_files, read_python

PLACE: Final = "operator"
"""What `ImageUse.place` says of these images."""


def find_dag_images(folder: Path, names: Mapping[str, str] | None = None) -> tuple[ImageUse, ...]:
    """The images of the operators in a folder of Airflow code, or in one file of it.

    What the platform fills in stands in braces: an image whose registry it is has no reference, one whose tag it is has
    a reference without a tag.

    Args:
        folder: the folder or file.
        names: what the platform's constants hold, where that is known: `{"DEFAULT_REGISTRY": ...}`.

    Raises:
        InputError: a file cannot be read or parsed.
    """
    files = (read_python(path) for path in python_files(folder))
    found = (_use(image) for file in files for image in operator_images(file, names))
    return tuple(use for use in found if use is not None)


def images_of(path: str | os.PathLike[str]) -> tuple[ImageUse, ...]:
    """The images of the operators in a folder of Airflow code, or in one file of it.

    Raises:
        InputError: a file cannot be read or parsed.
    """
    return find_dag_images(Path(path))


def verdict(text: str) -> Verdict:
    """The verdict on the image of an operator, in which names may stand in braces."""
    if "{" not in text:
        return judge(text, named=True)
    name, _, version = text.partition("{")
    if not name:
        first = text[1:].partition("}")[0]
        return Verdict(None, Certainty.LIKELY, f"the registry is in {first}, which the platform knows")
    # Only a tag or a digest may be open: of any other part too little is known.
    known = name.rstrip("@:") if name[-1] in "@:" else name.rpartition(":")[0]
    if not known or "/" in version:
        return Verdict(None, Certainty.POSSIBLE, "its repository is put together when the operator runs")
    try:
        return Verdict(ImageReference.parse(known), Certainty.LIKELY)
    except InvalidReference:
        return NOTHING


def _use(image: OperatorImage) -> ImageUse | None:
    found = verdict(image.text)
    if found.certainty is None:
        return None
    text, name = image.file.text, os.fspath(image.file.path)
    owner = image.owner or image.call
    return ImageUse(
        reference=found.reference,
        text=image.text,
        manifest=Manifest(name, 0, 0, text, Head("", "Operator", owner, {})),
        certainty=found.certainty,
        place=PLACE,
        resource=Resource("Operator", owner),
        fault=found.fault,
        # The whole file is the scalar: offsets in it are offsets in the file.
        levels=(Level(text, (), text),),
        offset=image.offset,
        file_text=text,
    )
