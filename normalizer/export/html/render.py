"""Views → pages: templates filled, styles and scripts inlined. The only import of jinja2.

A page asks nothing of the network, and its content security policy forbids it: only the script whose hash it names
runs, so text that slipped through as mark-up would still run nothing.
"""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

if TYPE_CHECKING:
    from normalizer.export.html.words import Words
    from normalizer.export.names import Name


def render(template: str, words: Words, **content: object) -> str:
    """A page from a template with the words of the interface: `t` and `both` in it give both languages."""
    name = template.removesuffix(".html")
    script = _asset("common.js") + _asset(f"{name}.js")

    def t(key: str, tag: str = "span") -> Markup:
        return both(words.interface[key], tag)

    return (
        _environment()
        .get_template(template)
        .render(
            t=t,
            both=both,
            words=words,
            style=Markup(_asset("common.css") + _asset(f"{name}.css")),  # files of this package, as is the script
            script=Markup(script),
            script_hash=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
            **content,
        )
    )


def both(label: Name, tag: str = "span") -> Markup:
    """A name in both languages, of which the page shows one."""
    pair = "<{0} class='l' lang='ja'>{1}</{0}><{0} class='l' lang='en'>{2}</{0}>"
    return Markup(pair).format(Markup(tag), label.ja, label.en)  # format() escapes


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("normalizer.export.html"),
        autoescape=True,  # always: by default nothing is escaped
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    # `tojson` writes < > & ' as \u escapes, so that no text can close the script element that it stands in.
    environment.policies["json.dumps_kwargs"] = {"ensure_ascii": False, "separators": (",", ":")}
    return environment


@cache
def _asset(name: str) -> str:
    return (resources.files("normalizer.export.html") / "templates" / name).read_text(encoding="utf-8")
