"""Many policies: which files belong together (plan), reading and aligning them (run), files out (store)."""

from normalizer.batch.content import pair_by_content
from normalizer.batch.plan import Policy, Refusal, plan
from normalizer.batch.run import Summary, run

__all__ = ["Policy", "Refusal", "Summary", "pair_by_content", "plan", "run"]
