"""Translation packages: which are published, which are installed and where; installing one is an explicit act."""

from normalizer.models.folder import Installed, installed, package, packages_folder
from normalizer.models.install import install_file, install_published, offered
from normalizer.models.published import Published, published

__all__ = [
    "Installed",
    "Published",
    "install_file",
    "install_published",
    "installed",
    "offered",
    "package",
    "packages_folder",
    "published",
]
