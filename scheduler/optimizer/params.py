"""What can be set about a solve; every amount of work is a count, never a time, so that a seed gives one plan."""

from __future__ import annotations

from dataclasses import dataclass, field

from scheduler.domain.outcome import gap


def _check(name: str, value: float, least: float, most: float) -> None:
    if not least <= value <= most:
        raise ValueError(f"{name} = {value} is outside [{least}, {most}]")


@dataclass(frozen=True)
class ShardParams:
    """How a date is cut.

    Attributes
    ----------
    activities : int
        [1, 10^9] activities that a shard holds, about; the plan depends on it, so workers must not.
    groups : int
        [1, 4096] groups of components with a convexity row each in the master (ENGINE section 3), about: more groups
        need fewer passes and a larger linear program.
    fewest_groups : int
        [1, 4096] groups of a shard at least, where it has as many components.
    teams : int
        [1, 64] a date of fewer shards is searched by copies of them, this many shards in all.
    rounding_waves : int
        [1, 1000] shards are rounded in this many waves at most; those of a wave do not hear of each other.
    search_waves : int
        [1, 1000] shards search in this many waves at most; those of a wave share what is free below the limits.
    keep_networks : bool
        Keep the networks of arcs between passes: some 5 kB an activity; else each pass builds them again, and takes
        a third longer. The plan is the same.
    """

    activities: int = 12_000
    groups: int = 128
    fewest_groups: int = 4
    teams: int = 4
    rounding_waves: int = 8
    search_waves: int = 4
    keep_networks: bool = True

    def __post_init__(self) -> None:
        _check("activities", self.activities, 1, 10**9)
        _check("groups", self.groups, 1, 4096)
        _check("fewest_groups", self.fewest_groups, 1, 4096)
        _check("teams", self.teams, 1, 64)
        _check("rounding_waves", self.rounding_waves, 1, 1000)
        _check("search_waves", self.search_waves, 1, 1000)


@dataclass(frozen=True)
class PriceParams:
    """How the dual is solved.

    Attributes
    ----------
    groups : int
        [1, 4096] groups in the master at most; those of a date of many shards are gathered.
    tolerance : float
        (0, 1) relative distance of the bound from the master's value at which the prices are good enough; a hundredth
        of the gap asked for is enough, too.
    most_passes : int
        [1, 10000] passes over all activities at most.
    smoothing : float
        [0, 1) weight of the best prices so far against the master's (in-out separation).
    """

    groups: int = 256
    tolerance: float = 1e-7
    most_passes: int = 200
    smoothing: float = 0.3

    def __post_init__(self) -> None:
        _check("groups", self.groups, 1, 4096)
        _check("tolerance", self.tolerance, 1e-9, 1)
        _check("most_passes", self.most_passes, 1, 10_000)
        _check("smoothing", self.smoothing, 0, 0.999)


@dataclass(frozen=True)
class RoundingParams:
    """How the passes become one whole plan.

    Attributes
    ----------
    draws : int
        [1, 256] stratified θ tried for each component (ENGINE section 4).
    """

    draws: int = 16

    def __post_init__(self) -> None:
        _check("draws", self.draws, 1, 256)


@dataclass(frozen=True)
class SearchParams:
    """How much local search follows.

    Attributes
    ----------
    rounds : int
        [0, 1000] rounds at most; each is a fresh rounding with a search of its own.
    stretches : int
        [2, 1000] stretches of falling temperature in a round; after each the shards hear of each other's loads.
    moves_per_node : int
        [1, 100000] moves tried in a round for each node.
    fewest_moves : int
        [1, 10^9] moves tried in a round even where that is more a node: small problems are soon searched.
    most_moves_per_node : int
        [1, 10^9] moves a node after which `fewest_moves` is enough: tiny problems hold no more.
    warmth : tuple of float
        (0, 1000] of each round in turn; the first temperature is ``warmth × sqrt(excess / unit)``, in `unit`: what
        moving an average node by one slot costs; `excess`: how far the rounded plan lies above the bound, a node.
        So large regions, which round closely, are searched cold, and small ones warmer.
    coldest : float
        (0, 1] last temperature above 0, as a share of the first.
    slack : tuple of float
        [0, 1000] of each round in turn; a shift is sensible up to this many units above a node's best place.
    longest_push : int
        [1, 288] slots that a push moves a node by at most.
    largest_push : int
        [1, 10000] nodes after which a cascading push is given up.
    """

    rounds: int = 6
    stretches: int = 20
    moves_per_node: int = 100
    fewest_moves: int = 1_000_000
    most_moves_per_node: int = 10_000
    warmth: tuple[float, ...] = (1.0, 0.6, 0.4, 1.5)
    coldest: float = 0.07
    slack: tuple[float, ...] = (0.1, 0.3)
    longest_push: int = 6
    largest_push: int = 40

    def __post_init__(self) -> None:
        _check("rounds", self.rounds, 0, 1000)
        _check("stretches", self.stretches, 2, 1000)
        _check("moves_per_node", self.moves_per_node, 1, 100_000)
        _check("fewest_moves", self.fewest_moves, 1, 10**9)
        _check("most_moves_per_node", self.most_moves_per_node, 1, 10**9)
        if not self.warmth or not self.slack:
            raise ValueError(f"{'slack' if self.warmth else 'warmth'} has no entry, and rounds take them in turn")
        for warmth in self.warmth:
            _check("warmth", warmth, 1e-3, 1e3)
        _check("coldest", self.coldest, 1e-6, 1)
        for slack in self.slack:
            _check("slack", slack, 0, 1e3)
        _check("longest_push", self.longest_push, 1, 288)
        _check("largest_push", self.largest_push, 1, 10_000)


@dataclass(frozen=True)
class Scope:
    """How large a neighbourhood is, and how long CP-SAT may search it.

    Attributes
    ----------
    size : int
        [1, 10000] nodes that it frees at most.
    reach : float
        [0, 10^6] what the reduced cost of a freed node's shift may be, in what moving an average node by one slot
        costs. Close to 0 few shifts are left, and most of a good plan is made of them.
    work : float
        [10^-6, 1000] CP-SAT's deterministic time; one is between one and two seconds of a core.
    """

    size: int = 100
    reach: float = 0.01
    work: float = 0.5

    def __post_init__(self) -> None:
        _check("size", self.size, 1, 10_000)
        _check("reach", self.reach, 0, 1e6)
        _check("work", self.work, 1e-6, 1000)


@dataclass(frozen=True)
class NeighbourhoodParams:
    """How much CP-SAT may search around a plan, and where; found by trial on regions of 1 to 40 schools.

    Attributes
    ----------
    largest : int
        [0, 10^9] activities of a date above which it is left to local search, which does better there.
    after : int
        [1, 1000] rounds of local search that go before.
    rounds : int
        [0, 100000] rounds at most; 0 for none: then local search takes all its rounds.
    at_once : int
        [1, 64] neighbourhoods of a round, in stretches of the day of their own. They are searched from one plan, so
        that workers can share them; so the number of workers is not to change it.
    patience : int
        [1, 1000] rounds that bring nothing to speak of before the next scope has its turn.
    scopes : tuple of Scope
        One after the other, and then from the first again.
    """

    largest: int = 12_000
    after: int = 1
    rounds: int = 40
    at_once: int = 2
    patience: int = 4
    scopes: tuple[Scope, ...] = (
        Scope(100, 0.01, 0.5),
        Scope(100, 0.25, 0.5),
        Scope(150, 0.01, 1.0),
        Scope(150, 1.0, 1.5),
    )

    def __post_init__(self) -> None:
        _check("largest", self.largest, 0, 10**9)
        _check("after", self.after, 1, 1000)
        _check("rounds", self.rounds, 0, 100_000)
        _check("at_once", self.at_once, 1, 64)
        _check("patience", self.patience, 1, 1000)
        _check("scopes", len(self.scopes), 1, 64)


@dataclass(frozen=True)
class ReorderParams:
    """How much is done to find plans that change the order of sessions.

    A *proposal* frees some nodes (sessions that move as one) around two that may change their order, and plans them
    anew by constraint programming beside everything else.

    Attributes
    ----------
    lanes : int
        [1, 1024] proposals made at the same time, beside the same loads; the plan depends on it, so workers must not.
    fewest_proposals : int
        [0, 10^6] proposals at most, even where the next figure says fewer.
    activities_per_proposal : int
        [1, 10^6] a proposal at most for so many activities of a date.
    blind_proposals : int
        [0, 10^6] of them, so many where the prices do not promise a gain; small dates, where prices say little, live
        on these.
    nodes : int
        [2, 1000] nodes that a proposal frees at most.
    choices : int
        [1, 10^6] places (shift and alternative) of freed activities in one model, about; bounds its size.
    effort : float
        (0, 1000] of a proposal, in deterministic seconds of CP-SAT: much like seconds, but the same on every machine.
    """

    lanes: int = 8
    fewest_proposals: int = 64
    activities_per_proposal: int = 50
    blind_proposals: int = 32
    nodes: int = 30
    choices: int = 4_000
    effort: float = 0.3

    def __post_init__(self) -> None:
        _check("lanes", self.lanes, 1, 1024)
        _check("fewest_proposals", self.fewest_proposals, 0, 10**6)
        _check("activities_per_proposal", self.activities_per_proposal, 1, 10**6)
        _check("blind_proposals", self.blind_proposals, 0, 10**6)
        _check("nodes", self.nodes, 2, 1000)
        _check("choices", self.choices, 1, 10**6)
        _check("effort", self.effort, 1e-6, 1e3)


@dataclass(frozen=True)
class SolveParams:
    """Everything about a solve.

    Attributes
    ----------
    seed : int
        [0, 2^63) seeds every random draw.
    gap : float
        [0, 1) a date is done when its proven gap is no larger.
    enough : float
        [0, 10^12] head-minutes: a date is done, too, when its plan is proven to cost no more than so much above the
        cheapest. Where nearly nothing has to change, a share of nearly nothing is never reached.
    objective : str
        ``cost`` or ``level`` (CONTRACT section 4).
    reorder : bool
        Sharers may change their order where that pays; the bound stays that of plans that keep it.
    shards, prices, rounding, search, neighbourhoods, reordering
        Parameters of the stages.
    """

    seed: int = 0
    gap: float = 0.01
    enough: float = 0.0
    objective: str = "cost"
    reorder: bool = False
    shards: ShardParams = field(default_factory=ShardParams)
    prices: PriceParams = field(default_factory=PriceParams)
    rounding: RoundingParams = field(default_factory=RoundingParams)
    search: SearchParams = field(default_factory=SearchParams)
    neighbourhoods: NeighbourhoodParams = field(default_factory=NeighbourhoodParams)
    reordering: ReorderParams = field(default_factory=ReorderParams)

    def __post_init__(self) -> None:
        _check("seed", self.seed, 0, 2**63 - 1)
        _check("gap", self.gap, 0, 1)
        _check("enough", self.enough, 0, 1e12)
        if self.objective not in ("cost", "level"):
            raise ValueError(f"objective {self.objective!r} is neither 'cost' nor 'level'")

    def is_done(self, objective: float, bound: float, rounding: float) -> bool:
        """Tell whether a plan is proven to be good enough; `rounding` is a gap that is none."""
        return gap(objective, bound) <= self.gap + rounding or objective - bound < self.enough
