"""`python -m normalizer`: the command line where another package has taken the name `normalizer`."""

from normalizer.cli import entry

entry()
