"""Cards -> what is made of each, by other processes while this one makes the next cards: in the order of the cards, few of them at a time."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from contextlib import ExitStack
from typing import TypeVar

from gouji.base.i18n import language, use_language
from gouji.base.workers import Workers, answer
from gouji.report import Card, ReportPage

T = TypeVar("T")
Make = Callable[[ReportPage, Card], T]
# With fewer cards a process would not have started before the work is done.
MANY = 60
# Cards that wait for each process.
WAITING = 4
_page: ReportPage | None = None


def made_of(
    page: ReportPage, cards: Iterable[Card], make: Make[T], workers: int, head: ReportPage
) -> Iterator[tuple[Card, T]]:
    """Every card with what is made of it; `make` is a function of a module, `head` the page as it needs it: without cards."""
    if workers < 2 or len(page.cards) < MANY:
        for card in cards:
            yield card, make(head, card)
        return
    with ExitStack() as stack:
        pool = Workers(workers - 1, _begin, language(), head)
        stack.callback(pool.end)
        waiting: deque[tuple[Card, Future[T]]] = deque()
        for card in cards:
            waiting.append((card, pool.submit(_make, make, card)))
            if len(waiting) >= WAITING * workers:
                yield _taken(waiting)
        while waiting:
            yield _taken(waiting)


def _taken(waiting: deque[tuple[Card, Future[T]]]) -> tuple[Card, T]:
    card, made = waiting.popleft()
    return card, answer(made)


def _begin(chosen: str, page: ReportPage) -> None:
    global _page
    use_language(chosen)
    _page = page


def _make(make: Make[T], card: Card) -> T:
    assert _page is not None
    return make(_page, card)
