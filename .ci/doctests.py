"""Doctests in docstrings become code blocks on the pages of the library."""

import re
from typing import Any

import griffe


class Doctests(griffe.Extension):
    """Called by mkdocstrings for everything that it reads."""

    def on_instance(self, *, obj: griffe.Object, **_: Any) -> None:
        if obj.docstring:
            value = obj.docstring.value
            obj.docstring.value = re.sub(r"(?ms)^(>>> .*?)\s*(?=\n\n|\Z)", r"```pycon\n\1\n```", value)
