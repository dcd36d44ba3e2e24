"""Work beside the calling thread: its result or its fault arrives, and it is over when its block is."""

from threading import Event

import pytest

from gouji.run.background import beside


def test_it_gives_what_the_work_gave():
    begun = Event()
    with beside(lambda: begun.wait(60), lambda: None) as work:
        # It does not wait to be asked.
        begun.set()
        assert work.result() is True and work.result() is True


def test_a_fault_is_raised_where_the_result_is_asked_for():
    def fails():
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"), beside(fails, lambda: None) as work:
        work.wait()
        with pytest.raises(ValueError, match="no"):
            work.result()
        asked = True
    assert asked


def test_a_fault_that_nobody_asks_for_is_raised_at_the_end():
    def fails():
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"), beside(fails, lambda: None):
        pass


def test_a_block_that_is_broken_off_ends_the_work():
    stopped, over = Event(), Event()

    def long():
        assert stopped.wait(60)
        over.set()

    with pytest.raises(KeyboardInterrupt), beside(long, stopped.set):
        raise KeyboardInterrupt
    assert over.is_set()


def test_a_block_ends_after_the_work():
    over, go = Event(), Event()

    def long():
        go.wait(60)
        over.set()

    with beside(long, lambda: None):
        go.set()
    assert over.is_set()
