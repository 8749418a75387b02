"""The numbers of alignment, in one place, each with its meaning."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bar:
    """What a pair of clauses must reach to be certain without vectors."""

    gain: float  # of words, facts, concepts, numbers, lengths and kinds
    lead: float  # by how much that exceeds the gain of every other pair of either clause; inf: nothing is certain
    unlike: float  # the most that lengths may speak against it


@dataclass(frozen=True, slots=True)
class Settings:
    """Gains are in log-odds-like units: 0 means as likely a link as not, before the neighbours are asked."""

    # what is certain without vectors
    certain: Bar = Bar(gain=1.5, lead=2.0, unlike=0.3)
    between: Bar = Bar(gain=0.75, lead=2.0, unlike=0.3)  # between two certain pairs
    opposite: Bar = Bar(gain=0.6, lead=0.0, unlike=1.0)  # there, where all of both sides pass one by one
    number: float = 0.7  # gain of an equal number of one kind there; less than a lead, so that it settles nothing alone
    translated: float = 6.0  # gain there per unit of the share of words that translations explain
    translated_margin: float = 8.0  # gain there per unit by which that share exceeds that of the nearest neighbours
    translated_bias: float = -1.0  # gain there of two clauses of which no word explains another
    apart: float = 12.0  # times as much lengths speak against a pair whose words are more alike with a neighbour added
    settled: float = 4.0  # gain of a certain pair, in the place of that of vectors

    # evidence of one bead
    cosine: float = 8.0  # gain per unit of cosine between the two texts
    margin: float = 10.0  # gain per unit by which the cosine exceeds that of each side's nearest neighbours
    bias: float = -4.5  # gain of two texts with cosine 0 and margin 0
    neighbours: int = 4  # how many nearest neighbours make up the margin
    background: float = 0.28  # cosine of an unrelated clause, standing in where fewer neighbours of a side have vectors
    unworded: float = 0.1  # cosine to expect with a clause that was not read, of which no word explains another
    worded: float = 1.0  # what is expected beyond that, per unit of the share of words that translations explain
    worded_most: float = 0.7  # the most that is expected
    length: float = 0.65  # loss per unit of half the squared, standardised log ratio of lengths
    length_cap: float = 3.0  # the most that a length can speak against a link, before the weight above
    length_spread: float = 0.45  # standard deviation of the log ratio of lengths of true pairs
    length_floor: float = 8.0  # characters added to both lengths, so that short clauses are not judged by it
    length_prior: float = 2.5  # English characters per Japanese character, before the document has spoken
    words: float = 0.5  # gain per unit of rarity of an untranslated word that both sides share
    facts: float = 1.0  # the same for dates, amounts and addresses
    concepts: float = 0.3  # the same for concepts of the ontology
    missing: float = 0.4  # part of that gain that is lost when only one side has it
    cap: float = 3.0  # the most that words, facts or concepts can add or take away
    heading: float = 0.65  # gain when both are headings; loss when only one is
    label: float = 1.0  # weight of what equal and unequal numbers say, a log-likelihood ratio learned from the pair
    parent: float = 0.5  # gain when the parents are linked with each other; loss when with others

    children: float = 3.0  # gain when all that stands under two clauses is linked with each other

    # beads
    widest: int = 3  # most clauses on one side of a bead that is searched; left-over clauses make larger ones
    largest: int = 6  # most clauses in a bead, both sides together
    extra: float = 1.0  # loss for each clause of a bead beyond the first of each side
    join: float = 5.0  # gain per unit of cosine that the weakest clause at a bead's edge adds (or takes away)
    slack: float = 2.0  # gain that a run, by the mean of its vectors, may lack to win, from which on it is encoded
    sure: float = 5.0  # gain from which a pair of clauses is not asked whether it should be a larger bead

    # chains
    gap: float = 0.5  # loss for each clause that a chain passes over
    jump: float = 3.5  # what a chain must earn to be laid beside those already there
    fill: float = 3.25  # gain added for two clauses left over between the same two beads
    told: float = 3.0  # gain added for them per unit of the share of words that translations explain …
    chance: float = 0.2  # … beyond this, if the table knows their words well
    well_known: float = 0.75  # share from which it does: of about ten words of either clause, those that few have
    gather: float = (
        0.0  # what a left-over clause must gain with a run of left-over clauses opposite to be linked with it
    )
    akin: float = 0.5  # cosine with a clause of a bead that does not stand near from which it is asked for an orphan
    hope: float = 0.01  # probability, without meanings, from which these are asked of an offer
    adoption: float = 0.5  # probability from which a left-over clause joins a bead that may hold its translation

    # long documents
    window: int = 400  # the most clauses of a side that are searched at once
    narrow: int = 1  # most clauses on one side of a bead that is searched there: runs cost the most time

    # logistic functions; benchmarks/calibrate_alignment.py fits their weights to pairs with gold links, as they are and
    # perturbed, and to pairs of unrelated policies; docs/alignment.md says to which.
    # The bias comes first, then the features of orphans.placed (after those of stretches.heard where meanings were
    # asked), score.bead_features and score.clause_features.
    ask: tuple[float, ...] = (
        *(-4.47, 1.46, -2.23, 1.01, -0.35, 0.05, -0.59),  # bias; room, lack of room; terms shared, missing; rivals
        *(0.35, -2.6, -1.97, -0.27, -0.54, 1.15, 9.21),  # place
        *(-0.75, 0.84, 2.4, 2.48, 1.92, 2.45, 0.71),  # a clause opposite; wide; ending; number; as in adopt
        4.42,  # words that the other side translates
    )
    adopt: tuple[float, ...] = (
        *(-3.62, 0.45, 2.73, 3.89, 2.77),  # bias; the stretch's gain, contrast; relief without it; what the orphan adds
        0.55,  # the stretch at the end where the orphan stands
        *(1.16, 0.63, 0.48, -0.08, 0.0, -0.96),  # room, lack of room; terms shared, missing; best rival, a free rival
        *(0.74, -1.93, -0.81, -1.02, 0.43, 0.62, 6.27),  # beside, far; headings before, after, below; family; caption
        *(-0.52, 0.86),  # a left-over clause opposite; a bead that is wide already
        *(1.89, 1.44),  # how the other side ends; whether it shows the orphan's number
        *(0.55, 0.8, 0.3),  # between the bead's clauses; an item of their list opposite a paragraph; its room
    )
    versions: tuple[float, ...] = (-14.47, 8.59, 1.91)
    linked: tuple[float, ...] = (-0.3, 0.06, 0.15, 0.7, -0.38, -1.85, -0.18)
    alone: tuple[float, ...] = (
        *(-4.18, -0.09, -0.18, -0.41, 0.15, 0.94, -4.45, 0.4),  # bias; gain, offer, heading, length, hole, line, parent
        *(-1.77, -0.18, 0.77),  # nothing offered; best gain with any clause; nothing left over opposite
        *(4.47, 0.32, -2.73),  # of the pair: the side's share without a link; mean gain; wide links
    )
    least: float = 0.2  # probability below which clauses are left alone instead
