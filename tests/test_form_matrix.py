"""One source of figures, as six places print it, in every kind of file: the same tables, figures and verdicts; what one place alone prints decides what else can be judged."""

import shutil
import subprocess
from decimal import Decimal

import pytest

from elsewhere import NAMINGS, PLACES, write
from gouji.app import audit, load_book
from papers import AS, papers

BOOK = load_book("final-accounts")
SPREADSHEETS = ("xls", "ods")
KINDS = ("xlsx", *SPREADSHEETS, *(kind for kind in sorted(AS) if kind != "ods"))
HELD = [t for t in BOOK.tables.values() if t.derived is None]


def sent(place, kind, folder, naming=None, change=None):
    """A file of a kind with the forms of a place; the order and the names of its sheets differ from case to case."""
    seed = PLACES.index(place) * 10 + KINDS.index(kind)
    folder.mkdir(parents=True)
    made = folder / "a.xlsx"
    write(place, made, seed, naming or NAMINGS[seed % len(NAMINGS)], change)
    if kind == "xlsx":
        return made
    if kind in SPREADSHEETS:
        subprocess.run(
            ["soffice", "--headless", f"-env:UserInstallation=file://{folder}/office", "--convert-to", kind, "--outdir", folder, made],
            check=True, capture_output=True, timeout=120,
        )  # fmt: skip
    else:
        raw = AS[kind](papers(made.read_bytes()))
        (folder / f"a.{kind}").write_bytes(raw)
    made.unlink()
    return folder / f"a.{kind}"


def tables(made):
    """Every figure: table, key, column -> figure."""
    found = {}
    for table in HELD:
        key = [c for c in table.key if c not in ("单位代码", "年度")]
        for row in made.submission.held.rows(table, "U001", 2023):
            of = tuple(str(row.cells[c].value) for c in key)
            for column in table.columns:
                if column.numeric and column.name in row.cells and column.name != "年度":
                    found[table.table, of, column.name] = row.cells[column.name].value
    return found


def verdicts(made):
    return {o.code: o.verdict for o in made.outcomes.of("U001")}


def told(made):
    return [(str(p.at), p.what) for p in made.submission.problems if not p.note]


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    """What each place's workbook gives."""
    folder = tmp_path_factory.mktemp("source")
    return {
        place.name: audit(sent(place, "xlsx", folder / place.name, "titles"), "final-accounts")
        for place in PLACES
    }


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("place", PLACES, ids=lambda p: p.name)
def test_every_kind_of_file_gives_what_the_workbook_gives(place, kind, source, tmp_path):
    if kind in SPREADSHEETS and shutil.which("soffice") is None:
        pytest.skip("needs LibreOffice (soffice)")
    made = audit(sent(place, kind, tmp_path / "x"), "final-accounts")
    assert told(made) == []
    assert tables(made) == tables(source[place.name])
    assert verdicts(made) == verdicts(source[place.name])


@pytest.mark.parametrize("place", PLACES, ids=lambda p: p.name)
def test_every_place_gives_the_figures_of_the_source(place, source):
    """What two places both print is the same figure, and what nothing contradicts is judged the same."""
    first, other = source["national"], source[place.name]
    one, two = tables(first), tables(other)
    both = one.keys() & two.keys()
    assert len(both) >= len(one) - 10 and {at: one[at] for at in both} == {
        at: two[at] for at in both
    }
    assert two["一般公共预算财政拨款支出决算表", ("2120101",), "基本支出"] == Decimal(1697700)
    ours, theirs = verdicts(first), verdicts(other)
    assert {c for c, v in ours.items() if v == "平"} <= {c for c, v in theirs.items() if v == "平"}
    assert "不平" not in theirs.values()


def test_a_place_that_prints_more_is_judged_by_more(source):
    """Rules that the national forms leave open and Yunnan's decide read a figure that the national forms do not print."""
    national, yunnan = source["national"], source["yunnan"]
    open_there = {
        code
        for code, verdict in verdicts(yunnan).items()
        if verdict == "平" and verdicts(national)[code] != "平"
    }
    printed = {(table, column) for table, _key, column in tables(national)}
    more = {(table, column) for table, _key, column in tables(yunnan)} - printed
    rules = {rule.code: rule for rule in BOOK.rules}
    for code in open_there:
        gaps = next(o for o in national.outcomes.of("U001") if o.code == code)
        named = str(gaps)
        assert any(table in named and column in named for table, column in more), (code, named)
    assert len(open_there) >= 15 and rules


WRONG = [
    pytest.param(place, kind, id=f"{place.name}-{kind}")
    for i, place in enumerate(PLACES)
    for j, kind in enumerate(k for k in KINDS if k not in SPREADSHEETS)
    if (i + j) % 2
]


@pytest.mark.parametrize("place, kind", WRONG)
def test_what_is_wrong_is_found_in_every_kind_of_file(place, kind, tmp_path):
    """本年支出合计 of 公开01 with two digits swapped: 3228800 -> 3282800."""

    def transpose(every):
        cells = every["总"].cells
        row = next(at[0] for at, value in cells.items() if value == "本年支出合计")
        col = max(c for r, c in cells if r == row)
        cells[row, col] = cells[row, col] * 3282800 / 3228800

    made = audit(sent(place, kind, tmp_path / "x", change=transpose), "final-accounts")
    failing = {code for code, verdict in verdicts(made).items() if verdict == "不平"}
    assert {"FA02", "FA03"} & failing and told(made) == []
