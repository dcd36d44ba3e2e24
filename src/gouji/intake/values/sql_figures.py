"""A numeric column -> SQL that reads plainly written figures in bulk: the same value and half place that `read_figure` gives.

Only digits with at most so many places as the column keeps; whatever is written otherwise is left to `read_figure`. A test holds the two equal.
"""

from __future__ import annotations

from decimal import Decimal

from gouji.intake.ledger.tables import column_type
from gouji.intake.values.figure_text import BLANKS
from gouji.rules import KEPT_PLACES, UNITS, WHOLE_DIGITS, Column, ColumnRole, ColumnType


def is_plain(text: str, column: Column, unit: str | None) -> str:
    """SQL: whether the text is a plainly written figure of the column."""
    if column.type is ColumnType.DATE:
        return "FALSE"
    if column.role is ColumnRole.YEAR:
        return f"regexp_full_match({text}, '[0-9]{{4}}')"
    shift, kept = shift_of(column, unit), KEPT_PLACES[column.type]
    whole, places = WHOLE_DIGITS[column.type] - shift, kept + shift
    tail = f"([.][0-9]{{1,{places}}})?" if places > 0 else ""
    return f"regexp_full_match({text}, '-?[0-9]{{1,{whole}}}{tail}')"


def is_nothing(text: str) -> str:
    """SQL: whether the text says that there is no figure; but for a backslash, which engines write differently and `is_blank` reads."""
    words = ", ".join("'" + word + "'" for word in sorted(BLANKS - {"\\"}))
    return f"{text} IN ({words})"


def value_of(text: str, column: Column, unit: str | None) -> str:
    """SQL: the figure in its base unit; NULL where it is not plainly written. Blanks are zero where the description says so."""
    kind = column_type(column)
    number = (
        f"CAST({text} AS INTEGER)"
        if column.role is ColumnRole.YEAR
        else _scaled(text, column, unit, kind)
    )
    zero = f" WHEN {is_nothing(text)} THEN 0" if column.null == "zero" else ""
    return f"CASE WHEN {is_plain(text, column, unit)} THEN {number}{zero} END"


def half_of(text: str, column: Column, unit: str | None) -> str:
    """SQL: half of the last printed place."""
    factor, least, most = places_of(column, unit)
    kind = f"DECIMAL(18,{KEPT_PLACES[column.type] + 1})"
    printed = (
        f"CASE WHEN contains({text}, '.') THEN length({text}) - strpos({text}, '.') ELSE 0 END"
    )
    if least >= most:
        made = f"CAST({factor.scaleb(-least) / 2:f} AS {kind})"
    else:
        halves = " ".join(
            f"WHEN {p} THEN CAST({factor.scaleb(-p) / 2:f} AS {kind})"
            for p in range(least, most + 1)
        )
        made = f"CASE greatest({least}, {printed}) {halves} END"
    zero = f" WHEN {is_nothing(text)} THEN 0" if column.null == "zero" else ""
    return f"CASE WHEN {is_plain(text, column, unit)} THEN {made}{zero} END"


def is_plain_number(number: str, column: Column, unit: str | None) -> str:
    """SQL: whether a double is the nearest one to a decimal with no more places than the column keeps."""
    if column.type is ColumnType.DATE:
        return "FALSE"
    places = max(KEPT_PLACES[column.type] + shift_of(column, unit), 0)
    whole = min(WHOLE_DIGITS[column.type] - shift_of(column, unit), 15 - places)
    return f"abs({number}) < 1e{whole} AND round({number} * 1e{places}) / 1e{places} = {number}"


def number_value(number: str, column: Column, unit: str | None) -> str:
    """SQL: as `value_of`, of a cell that holds a number."""
    kept = KEPT_PLACES[column.type]
    scaled = f"CAST(CAST({_whole(number, column, unit)} AS DECIMAL(24,0)) * {Decimal(1).scaleb(-kept):f} AS {column_type(column)})"
    return f"CASE WHEN {is_plain_number(number, column, unit)} THEN {scaled} END"


def number_half(number: str, column: Column, unit: str | None) -> str:
    """SQL: as `half_of`, of a cell that holds a number: it has the places that its decimal needs."""
    factor, least, most = places_of(column, unit)
    kind = f"DECIMAL(18,{KEPT_PLACES[column.type] + 1})"
    cases = [(p, f"CAST({factor.scaleb(-p) / 2:f} AS {kind})") for p in range(least, most + 1)]
    whole = _whole(number, column, unit)
    made = " ".join(f"WHEN {whole} % {10 ** (most - p)} = 0 THEN {half}" for p, half in cases[:-1])
    made = f"CASE {made} ELSE {cases[-1][1]} END" if made else cases[-1][1]
    return f"CASE WHEN {is_plain_number(number, column, unit)} THEN {made} END"


def _whole(number: str, column: Column, unit: str | None) -> str:
    places = max(KEPT_PLACES[column.type] + shift_of(column, unit), 0)
    return f"CAST(round({number} * 1e{places}) AS BIGINT)"


def places_of(column: Column, unit: str | None) -> tuple[Decimal, int, int]:
    """What 1 in the printed unit is worth, the fewest places a figure is taken to have, the most it may have."""
    used = unit or _usual(column)
    factor = UNITS[used] if used else Decimal(1)
    least = (
        column.places
        if used == _usual(column) and column.places is not None
        else (2 if used == "元" else 0)
    )
    return factor, least, max(least, KEPT_PLACES[column.type] + shift_of(column, unit))


def _usual(column: Column) -> str | None:
    return column.unit or ("%" if column.type is ColumnType.PERCENT else None)


def shift_of(column: Column, unit: str | None) -> int:
    """Powers of ten between the printed unit and the base unit."""
    used = unit or _usual(column)
    return UNITS[used].adjusted() if used else 0


def _scaled(text: str, column: Column, unit: str | None, kind: str) -> str:
    shift, kept = shift_of(column, unit), KEPT_PLACES[column.type]
    if shift == 0:
        return f"CAST({text} AS {kind})"
    factor = f"{10**shift}" if shift > 0 else f"{Decimal(1).scaleb(shift):f}"
    # In 38 digits: what is scaled up may pass eighteen on the way.
    return f"CAST(CAST({text} AS DECIMAL(38,{max(kept + shift, 0)})) * {factor} AS {kind})"
