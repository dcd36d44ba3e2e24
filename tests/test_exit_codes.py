"""What exit codes say, of every command that judges: 0 only where there is no finding, nothing that was not read, and something was judged; 1 findings; 2 wrong usage; 3 nothing judged; 4 gouji's own fault."""

import shutil

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import gouji.app
from gouji.cli import Exit, main
from nights import submit, workspace

# What is wrong with one unit -> its figures, and whether audits, bulk audits, nights and Great Expectations have a finding of it.
EVERY, HINT = ("audit", "bulk", "night", "gx"), ()
FAULTS = {
    "nothing": ({}, HINT),
    "a relation of degree 错误": ({"left": "4.00"}, EVERY),
    "a relation of degree 核实": ({"parts": ("90.00", "6.00")}, EVERY),
    "a relation of degree 提示": ({"prior": "120.00"}, HINT),
    "another score than its own": ({"score": "9"}, ("audit", "bulk", "night")),
    "points taken, as it says itself": (
        {"spent": "80.00", "left": "20.00", "parts": ("80.00",), "score": "2.5"},
        HINT,
    ),
    "a figure that was not given": ({"left": None}, HINT),
    "no score of its own": ({"score": None}, HINT),
}
# What is wrong with the files of one unit.
SPOILT = {
    "a row twice": (lambda at: _twice(at / "明细.csv"), EVERY),
    "a row of nobody": (lambda at: _more(at / "明细.csv", ",2023,又一项,1.00"), EVERY),
    "a row of a unit that nobody lists": (
        lambda at: _more(at / "明细.csv", "Q,2023,又一项,1.00"),
        EVERY,
    ),
    "a figure in words": (
        lambda at: _more(at / "明细.csv", "A,2023,又一项,约十"),
        ("audit", "night", "gx"),
    ),
    "a file that nobody reads": (
        lambda at: (at / "附.et").write_bytes(b"x"),
        ("audit", "night", "gx"),
    ),
    "a broken line": (lambda at: _more(at / "明细.csv", "A,2023"), ("audit", "night", "gx")),
}


def _twice(path):
    lines = path.read_text("utf-8").splitlines()
    path.write_text("\n".join([*lines, lines[-1]]) + "\n", "utf-8")


def _more(path, line):
    path.write_text(path.read_text("utf-8") + line + "\n", "utf-8")


class Bureau:
    """A workspace, the same files as one folder, and as Parquet."""

    def __init__(self, root):
        self.root = workspace(root / "w")
        self.whole, self.columns, self.out = root / "whole", root / "columns", root / "out"
        self.book = ["--rules", str(self.root / "book"), "--schemas", str(self.root / "schemas")]

    def send(self, spoil=lambda at: None, **units):
        """A night looks at what the one before it had; here each is the first."""
        sent, before = self.root / "submissions", self.root / "runs"
        for folder in (sent, before, self.whole, self.columns, self.out):
            shutil.rmtree(folder, ignore_errors=True)
        sent.mkdir()
        before.mkdir()
        for name, given_ in units.items():
            submit(self.root, name, **given_)
        if units:
            spoil(self.root / "submissions/A")
        self.whole.mkdir()
        self.columns.mkdir()
        (self.columns / "dataset.yaml").write_text("figures: printed\n", "utf-8")
        for folder in sorted((self.root / "submissions").iterdir()):
            for file in folder.iterdir():
                if file.suffix != ".csv":
                    shutil.copy(file, self.whole)
                    continue
                lines = file.read_text("utf-8").splitlines(keepends=True)
                target = self.whole / file.name
                there = target.exists()
                with target.open("a", encoding="utf-8") as into:
                    into.writelines(lines[1:] if there else lines)
        for file in self.whole.glob("*.csv"):
            self._columns(file)

    def _columns(self, file):
        texts = ("单位代码", "单位名称", "项目", "指标代码")
        with duckdb.connect() as con:
            con.execute(
                f"CREATE TABLE t AS FROM read_csv('{file}', all_varchar = true, null_padding = true)"
            )
            names = [name for (name, *_rest) in con.execute("DESCRIBE t").fetchall()]
            cast = ", ".join(
                f'"{n}"'
                if n in texts
                else f'TRY_CAST("{n}" AS {"INTEGER" if n == "年度" else "DECIMAL(18,2)"}) AS "{n}"'
                for n in names
            )
            con.execute(f"COPY (SELECT {cast} FROM t) TO '{self.columns / file.stem}.parquet'")

    def code(self, command):
        given_ = {
            "audit": ["audit", str(self.whole), *self.book],
            "bulk": ["bulk", str(self.columns), "--out", str(self.out), *self.book],
            "night": ["night", str(self.root), "--full"],
            "gx": ["gx", str(self.root)],
        }[command]
        return main(given_)


@pytest.fixture(scope="module")
def bureau(tmp_path_factory):
    return Bureau(tmp_path_factory.mktemp("bureau"))


ALONE = {name: (units, lambda at: None, of) for name, (units, of) in FAULTS.items()} | {
    name: ({}, spoil, of) for name, (spoil, of) in SPOILT.items()
}


@pytest.mark.parametrize("units, spoil, found", ALONE.values(), ids=ALONE)
def test_one_thing_wrong(bureau, units, spoil, found):
    bureau.send(spoil, A=units, B={})
    for command in ("audit", "bulk", "night", "gx"):
        wanted = Exit.FINDINGS if command in found else Exit.CLEAN
        assert (command, bureau.code(command)) == (command, wanted)


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(st.sampled_from(list(FAULTS)), min_size=1, max_size=3),
    st.sampled_from([None, *SPOILT]),
)
def test_whatever_is_wrong(bureau, faults, spoilt):
    """Some units, each with something wrong or not: 0 just where nothing of it is a finding."""
    spoil, of = SPOILT[spoilt] if spoilt else (lambda at: None, HINT)
    found = {command for name in faults for command in FAULTS[name][1]} | set(of)
    units = {"ABC"[n]: FAULTS[name][0] for n, name in enumerate(faults)}
    bureau.send(spoil, **units)
    for command in ("audit", "bulk", "night"):
        if command == "bulk" and spoilt in ("a figure in words", "a broken line"):
            # A column of numbers holds no words: the figure is missing, and what sums it is open.
            continue
        wanted = Exit.FINDINGS if command in found else Exit.CLEAN
        assert (command, bureau.code(command)) == (command, wanted), (faults, spoilt)


def test_nothing_judged(bureau):
    """Nothing came; or no unit of the year did: 3, or 1 where that is told as a problem; never 0."""
    bureau.send()
    assert bureau.code("night") == Exit.NOTHING_CHECKED
    assert bureau.code("gx") == Exit.NOTHING_CHECKED
    bureau.send(
        lambda at: [
            p.write_text(p.read_text("utf-8").replace("2023", "2021"), "utf-8")
            for p in at.glob("*.csv")
        ],
        A={},
    )
    assert [bureau.code(c) for c in ("audit", "bulk", "night", "gx")] == [Exit.NOTHING_CHECKED] * 4


WRONG = {
    "an option nobody knows": ["--unknown"],
    "no such rulebook": ["--rules", "no-such-book"],
}


@pytest.mark.parametrize("more", WRONG.values(), ids=WRONG)
@pytest.mark.parametrize("command", ["audit", "bulk", "gx"])
def test_wrong_usage(bureau, command, more):
    bureau.send(A={})
    data = {"audit": bureau.whole, "bulk": bureau.columns, "gx": bureau.whole}[command]
    out = ["--out", str(bureau.out)] if command == "bulk" else []
    assert main([command, str(data), *out, *more]) == Exit.UNUSABLE
    assert main([command, str(bureau.root / "nowhere"), *out]) == Exit.UNUSABLE


def test_rules_or_configuration_that_cannot_be_used(bureau):
    bureau.send(A={})
    config = bureau.root / "gouji.yaml"
    kept = config.read_text("utf-8")
    for broken in ("rules: [\n", "unknown: 1\n", "rules: no-such-book\n"):
        config.write_text(broken, "utf-8")
        assert bureau.code("night") == Exit.UNUSABLE
    config.write_text(kept, "utf-8")
    rule = bureau.root / "book/t01.yaml"
    text = rule.read_text("utf-8")
    rule.write_text(text.replace("决算.结余 =", "决算.没有 ="), "utf-8")
    try:
        assert [bureau.code(c) for c in ("audit", "bulk", "night", "gx")] == [Exit.UNUSABLE] * 4
    finally:
        rule.write_text(text, "utf-8")


PLACES = {"audit": "audit", "bulk": "audit_bulk", "night": "night", "gx": "of_workspace"}


@pytest.mark.parametrize(
    "fault", [ZeroDivisionError("x"), KeyError("x"), MemoryError(), OSError(28, "No space")]
)
@pytest.mark.parametrize("command", PLACES)
def test_what_nobody_foresaw(bureau, command, fault, monkeypatch):
    def fail(*_given, **_more):
        raise fault

    bureau.send(A={})
    monkeypatch.setattr(gouji.app, PLACES[command], fail)
    assert bureau.code(command) == Exit.OWN_FAULT
