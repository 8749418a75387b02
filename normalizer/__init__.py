"""Japanese and English privacy policies side by side."""

__version__ = "0.1.0"
