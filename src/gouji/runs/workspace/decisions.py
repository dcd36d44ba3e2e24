"""Decisions of people, apart from results: waivers and the baseline, in SQLite (WAL) or wherever a URL points (PostgreSQL).

Nothing is ever changed or erased: a decision is added, and ended by another row that says who ended it, when and why.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from gouji.base.address import postgres, redacted
from gouji.base.faults import DataError, EngineError
from gouji.base.i18n import _

FILE = "decisions.db"
WAIT = 10
_META = sa.MetaData()
_WORD = sa.String(200)
WAIVERS = sa.Table(
    "waivers",
    _META,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("unit", _WORD, nullable=False),
    sa.Column("code", _WORD, nullable=False),
    sa.Column("fingerprint", _WORD, nullable=False, index=True),
    sa.Column("author", _WORD, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("evidence", sa.Text),
    sa.Column("evidence_sha256", sa.String(64)),
    sa.Column("expires", sa.String(10)),
    sa.Column("made", sa.String(32), nullable=False),
)
BASELINE = sa.Table(
    "baseline",
    _META,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("fingerprint", _WORD, nullable=False, index=True),
    sa.Column("unit", _WORD),
    sa.Column("code", _WORD),
    sa.Column("run", sa.Integer, nullable=False),
    sa.Column("author", _WORD, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("made", sa.String(32), nullable=False),
)
ENDED = sa.Table(
    "ended",
    _META,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("what", _WORD, nullable=False),
    sa.Column("of", sa.Integer, nullable=False, index=True),
    sa.Column("author", _WORD, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("made", sa.String(32), nullable=False),
)
Cells = dict[str, Any]


class Decisions:
    """The store. Raises EngineError where it cannot be reached or stays locked: a night without its decisions is no night."""

    def __init__(self, url: str) -> None:
        # Without a driver in the address, the one that `gouji[postgres]` installs.
        self.url = url = re.sub("^postgres(?:ql)?://", "postgresql+psycopg://", url)
        with _reached(url):
            options: dict[str, Any] = (
                {"connect_args": {"timeout": WAIT}} if url.startswith("sqlite") else {}
            )
            self.engine = sa.create_engine(url, **options)
            if url.startswith("sqlite"):
                sa.event.listen(self.engine, "connect", _write_ahead)
            self._brought_up()

    def _brought_up(self) -> None:
        """Make the tables, or bring those of an older gouji up to what this one needs, step by step, each whole or not at all.

        SQLite keeps the version of its tables itself (`user_version`; 0: made before versions were counted). Raises EngineError where a newer gouji wrote them.
        """
        if self.engine.dialect.name != "sqlite":
            _META.create_all(self.engine)
            return
        with self.engine.connect() as con:
            version = _version(con)
        if version > len(MIGRATIONS):
            raise EngineError(
                _("审核说明库 {url} 是更新的 gouji 写的（版本 {version}）").format(
                    url=FILE, version=version
                ),
                fix=_("用写它的那一版 gouji，或从备份恢复"),
            )
        for number in range(version + 1, len(MIGRATIONS) + 1):
            with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as con:
                con.exec_driver_sql("BEGIN IMMEDIATE")
                try:
                    # Another process may have taken the step meanwhile.
                    if _version(con) < number:
                        MIGRATIONS[number - 1](con)
                        con.exec_driver_sql(f"PRAGMA user_version = {number}")
                    con.exec_driver_sql("COMMIT")
                except SQLAlchemyError:
                    con.exec_driver_sql("ROLLBACK")
                    raise

    @classmethod
    def of(cls, root: Path, variable: str, wait: int | None = None) -> Decisions:
        """The decisions of a workspace: at the URL in the environment variable, else in `decisions.db`."""
        url = os.environ.get(variable, "")
        return cls(url or f"sqlite+pysqlite:///{root / FILE}")

    def close(self) -> None:
        """Let go of all connections."""
        self.engine.dispose()

    def waivers(self) -> list[Cells]:
        """Waivers that nobody has ended, expired ones too, by number."""
        return self._standing("waiver", WAIVERS)

    def baseline(self) -> list[Cells]:
        """Findings in the baseline that are still known."""
        return self._standing("baseline", BASELINE)

    def add_waiver(self, given: Mapping[str, Any]) -> int:
        """Record a waiver; returns its number."""
        with _reached(self.url), self.engine.begin() as con:
            made = con.execute(WAIVERS.insert().values(**given, made=_now()))
            return int(made.inserted_primary_key[0]) if made.inserted_primary_key else 0

    def set_baseline(
        self, run: int, findings: Sequence[Mapping[str, Any]], author: str, reason: str
    ) -> None:
        """Replace the baseline: what stood before is ended, the findings of a run are known from now on."""
        old = [b["id"] for b in self.baseline()]
        rows = [
            {
                "fingerprint": f["fingerprint"],
                "unit": f["unit"],
                "code": f["code"],
                "run": run,
                "author": author,
                "reason": reason,
                "made": _now(),
            }
            for f in findings
        ]
        with _reached(self.url), self.engine.begin() as con:
            _end(con, "baseline", old, author, reason)
            if rows:
                con.execute(BASELINE.insert(), rows)

    def end(self, what: str, numbers: Sequence[int], author: str, reason: str) -> None:
        """End waivers (`waiver`) or known findings (`baseline`)."""
        with _reached(self.url), self.engine.begin() as con:
            _end(con, what, numbers, author, reason)

    def has_waiver(self, number: int) -> bool:
        """Whether a standing waiver has that number."""
        return any(w["id"] == number for w in self.waivers())

    def _standing(self, what: str, table: sa.Table) -> list[Cells]:
        ended = sa.select(ENDED.c.of).where(ENDED.c.what == what)
        with _reached(self.url), self.engine.connect() as con:
            return [
                dict(r._mapping)
                for r in con.execute(
                    sa.select(table).where(table.c.id.not_in(ended)).order_by(table.c.id)
                )
            ]


def _version(con: sa.Connection) -> int:
    return int(con.exec_driver_sql("PRAGMA user_version").scalar_one())


def _first(con: sa.Connection) -> None:
    """The tables as they were before versions were counted."""
    _META.create_all(con)


# What brings a store from one version to the next; never changed once it has been part of gouji, only added to.
MIGRATIONS: tuple[Callable[[sa.Connection], None], ...] = (_first,)


def _end(con: sa.Connection, what: str, numbers: Sequence[int], author: str, reason: str) -> None:
    if numbers:
        con.execute(
            ENDED.insert(),
            [
                {"what": what, "of": n, "author": author, "reason": reason, "made": _now()}
                for n in numbers
            ],
        )


def _now() -> str:
    return datetime.now().astimezone().isoformat(timespec="seconds")


def _write_ahead(connection: Any, _record: Any) -> None:
    connection.execute(f"PRAGMA busy_timeout = {WAIT * 1000}")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")


@contextmanager
def _reached(url: str) -> Iterator[None]:
    """Faults of the store say which one, without the password in its URL."""
    known = postgres(url)
    hide = known.scrubbed if known is not None else redacted
    try:
        yield
    except (sa.exc.ArgumentError, ModuleNotFoundError) as fault:
        fix = _("例如 postgresql+psycopg://主机/库")
        if isinstance(fault, (ModuleNotFoundError, sa.exc.NoSuchModuleError)):
            fix = _('安装驱动：pip install "gouji[postgres]"；地址写 postgresql+psycopg://主机/库')
        raise DataError(
            _("审核说明库的地址用不了：{why}").format(why=hide(str(fault).split("\n")[0])),
            fix=fix,
        ) from None
    except SQLAlchemyError as fault:
        why = hide(str(getattr(fault, "orig", None) or fault).split("\n")[0])
        where = str(known) if known is not None else redacted(url)
        fix = _("等占用它的程序结束，或检查它在不在运行")
        if re.search("not a database|malformed|no such column|no such table", why):
            fix = _("它坏了：从备份恢复，或把它移走（里面的审核说明和基线就没有了）")
        raise EngineError(
            _("审核说明库 {url} 不能用：{why}").format(url=where, why=why), fix=fix
        ) from None
