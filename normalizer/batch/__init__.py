"""Many policies: what belongs together (plan), who does the work (engine), what is written (run), reading it back."""

from normalizer.batch.containers import Columns
from normalizer.batch.content import pair_by_content
from normalizer.batch.engine import Here, Processes, usable_cores
from normalizer.batch.plan import Plan, Policy, Refusal, plan
from normalizer.batch.pulse import Limits
from normalizer.batch.results import Results, read_run
from normalizer.batch.run import Settings, Summary, run
from normalizer.batch.worker import Tools

__all__ = [
    "Columns",
    "Here",
    "Limits",
    "Plan",
    "Policy",
    "Processes",
    "Refusal",
    "Results",
    "Settings",
    "Summary",
    "Tools",
    "pair_by_content",
    "plan",
    "read_run",
    "run",
    "usable_cores",
]
