"""Records → pages for a browser: both versions side by side, and an index of a corpus."""

from __future__ import annotations

from normalizer.export.html.corpus import write
from normalizer.export.html.policy import page

__all__ = ["page", "write"]
