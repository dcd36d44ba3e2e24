"""A shape -> the columns of its table: a name, the path of words it is found by, what it holds; what is only guessed says so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from gouji.base.i18n import _
from gouji.intake.finding.headers import Header
from gouji.intake.finding.labels import bare, plain
from gouji.intake.finding.likely import holds_number
from gouji.intake.finding.unit_spelling import Kind as UnitKind
from gouji.intake.finding.unit_spelling import Said
from gouji.intake.finding.units import parted
from gouji.intake.finding.words import TOTALS
from gouji.intake.form_draft.draft_words import (
    AMOUNT,
    BY_ECONOMY,
    COLONS,
    COLUMN,
    COUNT,
    FACTOR,
    MEASURE,
    NIL,
    NO_NAME,
    NO_WORDS,
    OF_PEOPLE,
    ORDER,
    PEOPLE,
    PLACES,
    POINTS,
    QUANTITY,
    RATE,
    SCORE,
    SUM,
    UNIT,
    USUAL,
    YEAR,
)
from gouji.intake.form_draft.shape import Half, Shape, SheetPattern
from gouji.intake.values.date_text import read_date
from gouji.intake.workbooks.sheet import Raw, Sheet, Shown, said
from gouji.rules import MONEY_UNITS, UNITS, ColumnType


@dataclass(frozen=True, slots=True)
class Drafted:
    """One column. `doubt` says what is only guessed; `half` is where it stands."""

    name: str
    path: tuple[str, ...]
    type: ColumnType
    unit: str = ""
    places: int | None = None
    doubt: str = ""
    half: int = 0
    role: str = ""
    levels: tuple[int, ...] = ()
    total: str = ""
    words: tuple[str, ...] = ()
    key: bool = False


@dataclass(slots=True)
class _ColumnNames:
    taken: set[str] = field(default_factory=lambda: {UNIT, YEAR})

    def of(self, *parts: str) -> str:
        """A name made of words that no other column has."""
        name = NO_NAME.sub("", "".join(bare(p) for p in parts)) or COLUMN
        made, number = name, 2
        while made in self.taken:
            made, number = f"{name}{number}", number + 1
        self.taken.add(made)
        return made


def columns_of(sheet: Sheet, shape: Shape) -> list[Drafted]:
    """Every column of the table that the sheet prints."""
    names = _ColumnNames()
    match shape.kind:
        case SheetPattern.CROSSED:
            return [
                made
                for at, half in enumerate(shape.halves)
                for made in _crossed(sheet, shape, half, at, names)
            ]
        case SheetPattern.BESIDE:
            return list(_beside(sheet, shape, names))
        case _:
            return list(_listed(sheet, shape, names))


def _crossed(
    sheet: Sheet, shape: Shape, half: Half, at: int, names: _ColumnNames
) -> Iterator[Drafted]:
    if not half.labels:
        return
    heads = [bare(h.stack[-1]) for h in half.figures]
    for row, path in _line_paths(sheet, shape, half.labels[0].col):
        for header in half.figures:
            head = (_words(header.stack[-1]),) if len(half.figures) > 1 else ()
            words = (*path, *map(_words, _under(header)))
            value = [sheet.at(row, header.col)]
            made = _figure(names.of(*path, *head), words, value, shape, at)
            yield _doubted(made, path[-1], heads.count(bare(header.stack[-1])))


def _doubted(made: Drafted, label: str, of_that_name: int) -> Drafted:
    """A column with what is unsure about its line or its header."""
    if made.doubt:
        return made
    if NO_WORDS.fullmatch(label):
        return replace(made, doubt=_("这一行没有名称；是占位的就删去"))
    if of_that_name > 1:
        return replace(made, doubt=_("有几栏叫这个名称，这一栏是其中哪一个自己看"))
    return made


def _line_paths(sheet: Sheet, shape: Shape, col: int) -> Iterator[tuple[int, tuple[str, ...]]]:
    """The labels of the lines in a column; one that comes again stands below the last one that does not."""
    rows = [(r, _words(t)) for r in shape.lines if (t := sheet.text(r, col).strip())]
    times, seen, before = Counter(bare(t) for _r, t in rows), set[str](), ""
    for row, text in rows:
        again, first = times[bare(text)] > 1, bare(text) not in seen
        yield row, (before, text) if again and not first and before else (text,)
        if not again:
            before = text
        seen.add(bare(text))


def _under(header: Header) -> tuple[str, ...]:
    """The words of a header that tell its column from the others: its lowest ones, and those above but for the side."""
    return header.stack[-1:]


def _listed(sheet: Sheet, shape: Shape, names: _ColumnNames) -> Iterator[Drafted]:
    half = shape.halves[0]
    if half.codes and bare(half.codes[0].stack[-1]) != UNIT:
        yield _code(sheet, shape, half, names)
    every = _headers_of_list(shape, half)
    heads = [bare(h.stack[-1]) for h in every]
    figures = {h.col for h in half.figures}
    for at, header in enumerate(every):
        # The unit and the year of a line are columns that every table has.
        if heads[at] in (UNIT, YEAR):
            continue
        path, name = tuple(map(_words, header.stack)), names.of(*_least(header, heads))
        if header.col in figures:
            values = [sheet.at(r, header.col) for r in shape.lines]
            yield _figure(name, path, values, shape, 0)
        else:
            key = at == 0 and not half.codes and bool(half.labels)
            yield Drafted(name, path, _of_words(sheet, shape, header.col), key=key)


def _headers_of_list(shape: Shape, half: Half) -> list[Header]:
    """The headers of labels, figures and words. Of halves side by side each has its own words above: what stands below them is the same."""
    side = 1 if len(shape.halves) > 1 and half.side else 0
    return [
        Header(h.row, h.col, h.stack[side:] if len(h.stack) > 1 else h.stack)
        for h in (*half.labels, *half.figures, *half.words)
    ]


def _of_words(sheet: Sheet, shape: Shape, col: int) -> ColumnType:
    """What a column of words holds: dates where each of them is one."""
    texts = [v for r in shape.lines if isinstance(v := sheet.at(r, col), str) and v.strip()]
    dates = bool(texts) and all(read_date(t) is not None for t in texts)
    return ColumnType.DATE if dates else ColumnType.TEXT


def _least(header: Header, heads: Sequence[str]) -> tuple[str, ...]:
    """As few words of a header as tell it from the others."""
    own = header.stack
    return own[-1:] if heads.count(bare(own[-1])) == 1 else own


def _code(sheet: Sheet, shape: Shape, half: Half, names: _ColumnNames) -> Drafted:
    header = half.codes[0]
    lengths = _code_lengths(sheet, shape, half)
    sums = _sums(sheet, shape)
    head = next((w for w in reversed(header.stack) if len(plain(w)) > 1), header.stack[-1])
    guessed = (3, 5) if any(w in shape.title for w in BY_ECONOMY) else (3, 5, 7)
    return Drafted(
        names.of(head),
        (_words(head),),
        ColumnType.TEXT,
        role="code",
        levels=tuple(sorted(lengths)) or guessed,
        total=next((t for t in sums if t in TOTALS), ""),
        words=tuple(t for t in sums if t not in TOTALS),
        doubt="" if lengths else _("空表看不出各级编码的位数"),
        key=True,
    )


def _code_lengths(sheet: Sheet, shape: Shape, half: Half) -> set[int]:
    """How long the codes are that stand on the sheet."""
    columns = [h.col for h in half.codes] if half.split else [half.codes[0].col]
    whole = ("".join(plain(said(sheet.at(r, c))) for c in columns) for r in shape.lines)
    return {len(code) for code in whole if code.isdecimal()}


def _sums(sheet: Sheet, shape: Shape) -> list[str]:
    """Words for sums that stand where a code or a name would, in any half."""
    columns = [h.col for half in shape.halves for h in (*half.codes, *half.labels)]
    texts = (plain(sheet.text(r, c)) for c in columns for r in shape.lines)
    return list(dict.fromkeys(t for t in texts if t in TOTALS or t.endswith(SUM)))


def _beside(sheet: Sheet, shape: Shape, names: _ColumnNames) -> Iterator[Drafted]:
    for row in range(sheet.top, len(sheet.rows)):
        for col in range(sheet.width - 1):
            text, value = sheet.text(row, col).strip(), sheet.at(row, col + 1)
            if len(plain(text)) < 2 or value in ("", text):
                continue
            path = (_words(text.rstrip(COLONS)),)
            if isinstance(value, str):
                yield Drafted(names.of(text), path, ColumnType.TEXT)
            else:
                made = _figure(names.of(text), path, [value], shape, 0)
                yield replace(made, doubt=made.doubt or _more_behind(sheet, row, col + 1))
            break


def _more_behind(sheet: Sheet, row: int, col: int) -> str:
    """A doubt where another number follows on the line before any words: the label speaks of several."""
    following = (v for c in range(col + 1, sheet.width) if (v := sheet.at(row, c)) != "")
    more = isinstance(next(following, ""), (int, float))
    return _("这一行右边还有数，这一栏是其中哪一个自己看") if more else ""


def _figure(
    name: str, path: tuple[str, ...], values: Sequence[Raw], shape: Shape, half: int
) -> Drafted:
    """What a column of figures holds, by its words, then by its values and the unit of the form."""
    there = [v for v in values if v != ""]
    kind, unit, doubt = _held(path, there, shape)
    doubt = doubt or _odd_ones(there, kind)
    return Drafted(name, path, kind, unit, _places(there, kind), doubt, half)


def _odd_ones(values: Sequence[Raw], kind: ColumnType) -> str:
    """A doubt where some cells of a column of figures hold none, or some shares are printed with % and some without."""
    odd = [v for v in values if isinstance(v, str) and not holds_number(v)]
    odd = [v for v in odd if plain(v) not in NIL]
    if odd:
        return _("有的格不是数（{text}），这一栏是什么自己看").format(text=odd[0].strip()[:12])
    signs = {said(v).rstrip().endswith("%") for v in values if said(v).strip() not in ("0", *NIL)}
    if kind is ColumnType.PERCENT and len(signs) > 1:
        return _("有的格带 %，有的不带，这一栏是什么自己看")
    return ""


def _held(path: Sequence[str], values: Sequence[Raw], shape: Shape) -> tuple[ColumnType, str, str]:
    behind = parted(path[-1])[1] if path else None
    of_line = [s for w in path[:-1] if (s := parted(w)[1]) is not None]
    if of_line and behind is None:
        return _by_line(path[-1], of_line[-1], shape)
    if behind is not None and behind.unit in MONEY_UNITS:
        return ColumnType.MONEY, behind.unit, ""
    rate = any(said(v).rstrip().endswith("%") for v in values)
    if rate or (behind is not None and behind.kind is UnitKind.RATE):
        return ColumnType.PERCENT, "", ""
    if behind is not None and behind.kind is UnitKind.OTHER:
        return _counted(behind.words, values)
    return _by_words(path, values, shape)


def _counted(unit: str, values: Sequence[Raw]) -> tuple[ColumnType, str, str]:
    """What is counted in a unit; with decimals it is a measure. A unit nobody knows is asked for."""
    if any(isinstance(v, float) and v != int(v) for v in values):
        return ColumnType.NUMBER, "", ""
    if unit in UNITS:
        return ColumnType.COUNT, unit, ""
    return ColumnType.COUNT, "", _("计量单位“{unit}”不认识，自己填").format(unit=unit)


def _by_words(
    path: Sequence[str], values: Sequence[Raw], shape: Shape
) -> tuple[ColumnType, str, str]:
    """By nothing but its name and the units of the form."""
    words = "".join(path)
    if RATE.search(words):
        return ColumnType.PERCENT, "", "" if values else _("按名称猜是百分比")
    if SCORE.search(words):
        return ColumnType.SCORE, POINTS, ""
    if FACTOR.search(path[-1] if path else ""):
        return ColumnType.NUMBER, "", ""
    if ORDER.search(words):
        return ColumnType.COUNT, "", ""
    if shape.counted and not shape.unit and len(shape.counted) == 1:
        return _counted(shape.counted[0], values)
    if OF_PEOPLE in shape.counted and PEOPLE.search(words):
        return ColumnType.COUNT, OF_PEOPLE, ""
    if _counts(path):
        kind, unit, _doubt = _counted("", values)
        doubt = "" if shape.measured else _("按名称猜是个数，计量单位自己填")
        return kind, unit, doubt
    if shape.unit in MONEY_UNITS:
        return ColumnType.MONEY, shape.unit, ""
    return ColumnType.MONEY, USUAL, _("表上没有写计量单位，猜是万元")


def _counts(path: Sequence[str]) -> bool:
    """Whether words say that things are counted, and not what they cost: 车辆·数量, not 车辆·价值 and not 配套费收入·决算数."""
    own = [bare(p) for p in path]
    counted = (p for p in own if COUNT.search(p) or MEASURE.search(p))
    return any(not AMOUNT.search(p) for p in counted) and not AMOUNT.search(own[-1])


def _by_line(head: str, said_: Said, shape: Shape) -> tuple[ColumnType, str, str]:
    """A line that says its own unit: it is that of its number, hardly of its amounts."""
    if said_.unit in MONEY_UNITS:
        return ColumnType.MONEY, said_.unit, ""
    if QUANTITY.search(head):
        known = said_.words in UNITS
        doubt = "" if known else _("计量单位“{unit}”不认识，自己填").format(unit=said_.words)
        return ColumnType.COUNT, said_.words if known else "", doubt
    doubt = _("行名里写的是“{unit}”，这一栏是不是金额自己看").format(unit=said_.words)
    return ColumnType.MONEY, shape.unit if shape.unit in MONEY_UNITS else USUAL, doubt


def _places(values: Sequence[Raw], kind: ColumnType) -> int | None:
    """The most decimals that are shown, at least two of money."""
    if kind not in (ColumnType.MONEY, ColumnType.PERCENT, ColumnType.NUMBER):
        return None
    shown = [v.places for v in values if isinstance(v, Shown)]
    shown += [len(found[1]) for v in values if (found := PLACES.search(said(v)))]
    return max([2, *(n for n in shown if n <= 6)])


def _words(text: str) -> str:
    return "".join(text.split())


__all__ = ["Drafted", "columns_of"]
