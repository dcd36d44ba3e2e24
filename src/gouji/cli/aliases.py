"""A command line in the words of 0.1 -> the same in today's words, and a note that says so. The old names go with the next version; docs/commands.md lists them."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence

from gouji.base.i18n import _

Words = list[str]
# Old name -> what stands for it, the words behind it unchanged.
SAME = {
    "lint": "rules lint",
    "test": "rules test",
    "schema": "rules schema",
    "template": "forms blank",
    "return": "forms return",
    "init": "workspace init",
    "compare": "runs compare",
    "replay": "runs replay",
    "prune": "runs prune",
    "export": "report",
    "gx": "check gx",
    "gx-assets": "check assets",
}
HELP = ("-h", "--help")


def renamed(arguments: Sequence[str]) -> tuple[Words, str | None]:
    """The arguments in today's words; a note where they were old ones.

    >>> renamed(["lint", "final-accounts"])[0]
    ['rules', 'lint', 'final-accounts']
    >>> renamed(["--lang", "en", "waive", "--from", "back.xlsx"])[0]
    ['--lang', 'en', 'waiver', 'import', 'back.xlsx']
    >>> renamed(["rules", "list"])
    (['rules', 'list'], None)
    """
    at = _command_at(arguments)
    if at is None:
        return list(arguments), None
    old, rest = arguments[at], list(arguments[at + 1 :])
    if old in SAME:
        new: Words | None = [*SAME[old].split(), *rest]
    else:
        new = CHANGED[old](rest) if old in CHANGED else None
    if new is None:
        return list(arguments), None
    return [*arguments[:at], *new], _("“gouji {old}”现在写作“gouji {new}”，旧名下一版取消").format(
        old=old, new=" ".join(new[:2] if new[0] in GROUPS else new[:1])
    )


def _command_at(arguments: Sequence[str]) -> int | None:
    """Where the name of the command stands: the first word that is no option of gouji itself."""
    at = 0
    while at < len(arguments) and arguments[at].startswith("-"):
        at += 2 if arguments[at] == "--lang" else 1
    return at if at < len(arguments) else None


def _bulk(rest: Words) -> Words:
    named = any(word == "--format" or word.startswith("--format=") for word in rest)
    return ["audit", *rest, *([] if named or set(rest) & set(HELP) else ["--format", "parquet"])]


def _opinion(rest: Words) -> Words:
    return ["forms", "opinion", *(["--out"] if rest and rest[0] not in HELP else []), *rest]


def _waive(rest: Words) -> Words:
    file, others = _taken(rest, "--from")
    return ["waiver", "add", *others] if file is None else ["waiver", "import", file, *others]


def _waivers(rest: Words) -> Words:
    file, others = _taken(rest, "--form")
    if file is not None:
        return ["waiver", "form", "--out", file, *others]
    number, others = _taken(rest, "--end")
    return ["waiver", "list", *others] if number is None else ["waiver", "end", number, *others]


def _taken(words: Words, option: str) -> tuple[str | None, Words]:
    """The value of an option, and the words without both."""
    for at, word in enumerate(words):
        if word == option and at + 1 < len(words):
            return words[at + 1], [*words[:at], *words[at + 2 :]]
        if word.startswith(f"{option}="):
            return word.partition("=")[2], [*words[:at], *words[at + 1 :]]
    return None, words


def _baseline(rest: Words) -> Words | None:
    if "--set" in rest:
        return ["baseline", "set", *(word for word in rest if word != "--set")]
    old = not rest or (rest[0].startswith("-") and rest[0] not in HELP)
    return ["baseline", "show", *rest] if old else None


def _rules(rest: Words) -> Words | None:
    return ["rules", "list", *rest] if _no_command(rest, _is_book) else None


def _runs(rest: Words) -> Words | None:
    return ["runs", "list", *rest] if _no_command(rest, os.path.isdir) else None


def _no_command(rest: Words, meant: Callable[[str], bool]) -> bool:
    """Whether what follows the name of a group is what followed it when it was a command: nothing, an option, or what was `meant`."""
    return not rest or (rest[0] not in HELP and (rest[0].startswith("-") or meant(rest[0])))


def _is_book(name: str) -> bool:
    from gouji.base.faults import DataError
    from gouji.base.resources import book_folder

    try:
        return book_folder(name).is_dir()
    except DataError:
        return False


GROUPS = ("rules", "forms", "runs", "workspace", "waiver", "baseline", "check")
CHANGED: dict[str, Callable[[Words], Words | None]] = {
    "bulk": _bulk,
    "opinion-template": _opinion,
    "waive": _waive,
    "waivers": _waivers,
    "baseline": _baseline,
    "rules": _rules,
    "runs": _runs,
}
