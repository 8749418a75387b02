"""The command `normalizer`: strings in, calls, lines out. Results go to standard output, talk to standard error.

Exit status: 0 fine, 1 a document failed, 2 misuse.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import click

from normalizer import __version__
from normalizer.cli.compare import check, compare
from normalizer.cli.export import export
from normalizer.cli.glossary import glossary
from normalizer.cli.memory import memory
from normalizer.cli.models import models
from normalizer.cli.run import run
from normalizer.cli.sample import sample
from normalizer.cli.score import score
from normalizer.cli.shared import say
from normalizer.cli.single import align, analyze, schema
from normalizer.errors import NormalizerError

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; the exit status is returned, never raised."""
    try:
        status = commands.main(args=list(arguments) if arguments is not None else None, standalone_mode=False)
    except click.exceptions.Exit as exit:
        return exit.exit_code
    except click.ClickException as error:
        error.show()
        return 2
    except click.Abort:
        say("stopped")
        return 130
    except NormalizerError as error:
        say(f"normalizer: {error}")
        return 1
    return status if isinstance(status, int) else 0


def entry() -> None:
    """The console script."""
    _open_streams()
    sys.exit(main())


def _open_streams() -> None:
    """A stream that whoever started the command has closed is one of which nothing comes and into which all goes."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode))  # noqa: SIM115 (for as long as the process lives)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="normalizer")
def commands() -> None:
    """Read Japanese and English privacy policies side by side.

    FILE is a policy: plain text (.txt), Markdown (.md), HTML, PDF or Word (.docx); - is standard input.
    """


for command in (analyze, align, run, score, schema, glossary, export, memory, sample, models, compare, check):
    commands.add_command(command)
