"""`derived:` and `take:` of a table description: a table that nobody sends, worked out from what was sent, by one unit or by many."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

from gouji.base.i18n import _
from gouji.rules.values import Frozen

if TYPE_CHECKING:
    from pydantic import Field

    from gouji.rules.fields import Names


class Over(StrEnum):
    """Whose rows a derived figure is made of: the unit's own, of the units below it, rows that name it, of all units, of units with the same figures."""

    OWN = "own"
    BELOW = "below"
    NAMED = "named"
    PEERS = "peers"
    TWINS = "twins"


class By(StrEnum):
    """How they become one figure; the median is the lower one of two. A rank is 1 for the greatest figure, a percentile the share of the others that have less."""

    SUM = "sum"
    COUNT = "count"
    MEDIAN = "median"
    MEAN = "mean"
    MAX = "max"
    MIN = "min"
    RANK = "rank"
    PERCENTILE = "percentile"


# Ways in which a unit's peers give it its own figure, once all of them have theirs.
AMONG_PEERS = (By.MEAN, By.MAX, By.MIN, By.RANK, By.PERCENTILE)


class CodeNames(StrEnum):
    """What is counted of codes and their names: different names of one code, different codes (below the same code) of one name."""

    PER_CODE = "per_code"
    PER_NAME = "per_name"


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed(Frozen):
    """One code of a published list, and the years it is in it."""

    code: Annotated[str, Field(pattern=r"^[0-9]+$")]
    name: str
    from_: int | None = None
    to: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Take(Frozen):
    """Where the figures of a derived column come from.

    `from`: the table (several for codes); `column`: its column, by default of the same name. `per`: the figure is divided by this column first.
    `at`: key -> column, where a table of one row prints a column for each key. `words`: what the table says -> key. `where`: column -> words
    that a row must have; `without`: rows of units whose row in the table of units says so do not count. `codes`: 1 where the row's code begins with a code of this list in force, else 0; `above`: 1 where the row of the code
    above stands in the same table, else 0. `called`: the column with the name of the row's code; with `codes`, 1 where it is the name that the list has for
    that very code (or the list has it not), else 0. `names`: how many different names a code bears, or codes a name. `key`: a column of the source that
    is the key, where its own key says more. `significant`: a median is rounded to that many significant figures.
    `within`: columns of the table of units; only units with the same words there are peers. `lowest_first`: of a rank, 1 is the least figure.
    """

    from_: Names = ()
    column: str | None = None
    over: Over = Over.OWN
    by: By = By.SUM
    per: str | None = None
    significant: Annotated[int, Field(ge=1, le=12)] | None = None
    at: dict[str, str] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)
    where: dict[str, Names] = field(default_factory=dict)
    without: dict[str, Names] = field(default_factory=dict)
    same: Names = ()
    within: Names = ()
    lowest_first: bool = False
    codes: tuple[Listed, ...] = ()
    above: bool = False
    called: str | None = None
    names: CodeNames | None = None
    key: str | None = None

    def __post_init__(self) -> None:
        if len(self.from_) > 1 and not (self.codes or self.above or self.names):
            raise ValueError(_("只有 codes、above 和 names 可以取自几张表"))
        if (self.called is None) != (self.names is None) and not (self.called and self.codes):
            raise ValueError(_("called 和 codes 或 names 一起写，names 和 called 一起写"))
        if (self.over is Over.TWINS) != bool(self.same):
            raise ValueError(_("over: twins 要写 same（数相同才算的列），其他不能写"))
        if self.per is not None and self.by is not By.MEDIAN:
            raise ValueError(_("per 只用于 by: median"))
        if self.significant is not None and self.by is not By.MEDIAN:
            raise ValueError(_("significant 只用于 by: median"))
        if (self.by in (By.MEDIAN, *AMONG_PEERS)) != (self.over is Over.PEERS):
            raise ValueError(
                _(
                    "over: peers 要写 by: median、mean、max、min、rank 或 percentile，这些也只能取自 peers"
                )
            )
        if self.within and not self.among_peers:
            raise ValueError(_("within 只用于 by: mean、max、min、rank 和 percentile"))
        if self.lowest_first and self.by is not By.RANK:
            raise ValueError(_("lowest_first 只用于 by: rank"))
        if (self.codes or self.above or self.names) and self.over is not Over.OWN:
            raise ValueError(_("codes、above 和 names 只看本单位的行"))

    @property
    def among_peers(self) -> bool:
        """Whether each unit has its own figure from all its peers, which waits for the last of them."""
        return self.by in AMONG_PEERS

    @property
    def levels(self) -> bool:
        """Whether one and the same figure is for all units of a year."""
        return self.over is Over.PEERS and not self.among_peers

    @property
    def says_whether(self) -> bool:
        """Whether the figure is a yes (1) or a no (0): a code that is in a list, has its name, or has the row above it."""
        return bool(self.codes or self.above) and self.names is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Derived(Frozen):
    """How the rows of a derived table come about.

    `key`: the column that tells a unit's rows apart (none: one row a unit). `digits`: only codes of that length. `cells`: every amount of these
    tables is a row. `by`: the column that names the unit a row counts for: of the table of units for `over: below`, of the source for
    `over: named`. `at_least`: of fewer units there is no figure.
    """

    key: str | None = None
    digits: int | None = None
    cells: Names = ()
    by: str | None = None
    at_least: Annotated[int, Field(ge=1)] = 1
