"""The menu of the documentation: pages for readers first, then all other pages of docs/, then the library's."""

from pathlib import Path
from typing import Any

READERS = ("translator.md", "lawyer.md", "researcher.md", "engineer.md")
START = "index.md"


def on_config(config: Any) -> Any:
    """Called by MkDocs: gives the menu, so that a new page needs no entry anywhere."""
    docs = Path(config.docs_dir)
    topics = sorted(path.name for path in docs.glob("*.md") if path.name not in (START, *READERS))
    library = sorted(path.relative_to(docs).as_posix() for path in docs.glob("api/*.md"))
    config.nav = [START, {"For you": list(READERS)}, {"Topics": topics}, {"Library": library}]
    return config
