"""Slips planted in clean units and located: how many are found, by kind and by number of equations, and how long a unit takes.

python benchmarks/locating.py DATA [--rules BOOK] [--slips N] [--at-once 1|2|3] [--seed S] [--seconds T] [--large]

Defective units of DATA are timed as `gouji audit` looks at them, cells gathered too, in processor seconds on one core, and as a ratio to auditing a unit (reading and judging);
`--slips 0` does only that. `--large` times one unit of 75,000 cells instead.
"""

import argparse
import gc
import random
import resource
import statistics
import sys
import time
from fractions import Fraction
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from gouji.app.audits import audit
from gouji.app.locating import locate_unit
from gouji.app.slip_trials import clean_unit
from gouji.expression import Printed
from gouji.locate import CellFacts, CellRef, Relation, UnitCase, locate
from planting import planted


def quantile(values, share):
    """The value below which a share of them lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def spent():
    """Processor seconds of this process and those that ended below it."""
    own, below = (resource.getrusage(w) for w in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return own.ru_utime + own.ru_stime + below.ru_utime + below.ru_stime


def defective(made, dirty, audited):
    """Locate every failing unit of the data, and print how long each took; what is fetched for all of them is shared out."""
    failing = {
        u: frozenset(line.rule.code for line in lines) for u, lines in dirty.items() if lines
    }
    took, unlocated, open_ = [], [], 0
    names = sorted(failing)
    for at in range(0, len(names), 50):
        some = names[at : at + 50]
        began = time.process_time()
        made.submission.ahead(made.book.tables, some)
        share = (time.process_time() - began) / len(some)
        for unit in some:
            began = time.process_time()
            located, _cells = locate_unit(made.book, made.submission, unit, failing[unit])
            took.append(time.process_time() - began + share)
            unlocated += [] if located.causes else [unit]
            open_ += any(not cause.whole for cause in located.causes)
    if took:
        middle = statistics.median(took)
        print(
            f"{len(took)} defective units, cells gathered too: median {middle:.3f} s, p95 {quantile(took, 0.95):.3f}, "
            f"worst {max(took):.3f}; auditing a unit {audited:.3f} s, ratio {middle / audited:.2f}; "
            f"no cause in {len(unlocated)}: {' '.join(unlocated)}; said to be 未穷尽: {open_}"
        )


def slips(args):
    """Plant and locate, and print the counts."""
    # As the command line does: without it, every hundredth of a second goes into looking through what intake keeps.
    gc.set_threshold(200_000, 20, 50)
    began = spent()
    made = audit(args.data, args.rules)
    dirty = {card.unit: card.findings for card in made.scorecards}
    audited = (spent() - began) / max(len(dirty), 1)
    defective(made, dirty, audited)
    if not args.slips:
        return
    made.submission.ahead(made.book.tables, sorted(u for u in dirty if not dirty[u]))
    units = [clean_unit(made.book, made.submission, u) for u in sorted(dirty) if not dirty[u]]
    found = planted(units, args.slips, random.Random(args.seed), args.at_once, args.seconds)
    print(f"{len(units)} clean units, {args.at_once} at once, seed {args.seed}")
    for group, of in sorted(found.counts.items()):
        shares = " ".join(f"{word} {found.share(word, group):.1%}" for word in ("first", "three"))
        print(
            f"{group}: {of['noticed']} noticed, {of['unnoticed']} not; {shares}; "
            f"certain {of['certain']}, of these wrong {of['certain and wrong']}"
        )
    of = found.counts["all"]
    print(f"answers judged again {of['again']}, that break a rule {of['broken']}")
    print(
        f"seconds a unit: median {statistics.median(found.seconds):.3f}, "
        f"p95 {quantile(found.seconds, 0.95):.3f}, worst {max(found.seconds):.3f}"
    )


def large(rows=2500, columns=30, faults=6, seed=1):
    """One unit with a table of so many cells: every row adds up, every column adds up; some cells are wrong."""
    rng = random.Random(seed)
    truth = [[rng.randint(1, 10**6) for _c in range(columns - 1)] for _r in range(rows - 1)]
    truth = [[sum(row), *row] for row in truth]
    truth = [[sum(row[c] for row in truth) for c in range(columns)], *truth]
    cells = {
        CellRef("表", r, f"列{c:02d}"): v for r, row in enumerate(truth) for c, v in enumerate(row)
    }
    wrong = {
        ref: cells[ref] * 10
        for ref in rng.sample([r for r in sorted(cells) if r.row and r.column != "列00"], faults)
    }
    forms = [
        (
            "行",
            str(r),
            [(CellRef("表", r, f"列{c:02d}"), 1 if c == 0 else -1) for c in range(columns)],
        )
        for r in range(rows)
    ] + [
        ("列", str(c), [(CellRef("表", r, f"列{c:02d}"), 1 if r == 0 else -1) for r in range(rows)])
        for c in range(columns)
    ]

    printed = cells | wrong
    given = [
        Relation(
            code,
            spot,
            "=",
            tuple(sorted((ref, Fraction(k)) for ref, k in terms)),
            Fraction(sum(k * printed[ref] for ref, k in terms)),
            Fraction(0),
        )
        for code, spot, terms in forms
    ]
    touching = {}
    for relation in given:
        for ref, c in relation.terms:
            touching.setdefault(ref, []).append((relation, c))
    failing = {(r.code, r.spot) for r in given if r.fails}

    def judge(changed):
        gaps = {}
        for ref, value in changed.items():
            for relation, c in touching[ref]:
                at = relation.code, relation.spot
                gaps[at] = gaps.get(at, relation.gap) + c * (value - printed[ref])
        after = (failing - set(gaps)) | {at for at, gap in gaps.items() if gap}
        return frozenset(code for code, _spot in after)

    case = UnitCase(
        "一",
        CellFacts({ref: Printed(Fraction(v)) for ref, v in printed.items()}),
        judge({}),
        judge,
        given,
        lambda: given,
    )
    began = time.process_time()
    found = locate(case)
    spent = time.process_time() - began
    right = {ref: Fraction(cells[ref]) for ref in wrong}
    named = {c.cell: c.proposed for cause in found.causes for c in cause.best}
    print(
        f"{len(cells)} cells, {len(given)} relations, {faults} wrong: {spent:.2f} s, {named == right}"
    )


def main():
    """Read the arguments and run."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", nargs="?", default="datasets/county-demo")
    parser.add_argument("--rules", default="final-accounts")
    parser.add_argument("--slips", type=int, default=1500)
    parser.add_argument("--at-once", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=None)
    parser.add_argument("--large", action="store_true")
    args = parser.parse_args()
    if args.large:
        large()
    else:
        slips(args)


if __name__ == "__main__":
    main()
