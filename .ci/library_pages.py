"""What the pages of the library show of its source: doctests as code blocks, and what is said of each field."""

import ast
import re
from typing import Any

import griffe

COMMENT = re.compile(r"\s#\s(?!noqa|type:)(?P<words>.+)$")


class Pages(griffe.Extension):
    """Called by mkdocstrings for everything that it reads."""

    def on_instance(self, *, obj: griffe.Object, **_: Any) -> None:
        if obj.docstring:
            value = obj.docstring.value
            obj.docstring.value = re.sub(r"(?ms)^(>>> .*?)\s*(?=\n\n|\Z)", r"```pycon\n\1\n```", value)

    def on_attribute_instance(self, *, attr: griffe.Attribute, **_: Any) -> None:
        """A field of a class means what its comment says, or the description of its pydantic Field."""
        in_class = attr.parent is not None and attr.parent.is_class
        if in_class and attr.docstring is None and (said := _description(attr.source) or _comment(attr.source)):
            attr.docstring = griffe.Docstring(said, lineno=attr.lineno, parent=attr)


def _comment(source: str) -> str | None:
    found = COMMENT.search(source)
    return found["words"] if found else None


def _description(source: str) -> str | None:
    (statement,) = ast.parse(source.strip()).body
    call = getattr(statement, "value", None)
    named = {word.arg: word.value for word in call.keywords} if isinstance(call, ast.Call) else {}
    value = named.get("description")
    return value.value if isinstance(value, ast.Constant) else None
