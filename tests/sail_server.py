"""A Spark Connect server without a JVM (Sail), one for each test process: pyspark gives a process one session anyway."""

import os
from functools import cache
from typing import Any

import pytest

# A server stops when its object goes: a client whose server is gone asks again for minutes.
_SERVERS: list[Any] = []


@cache
def sail_address() -> str:
    """`sc://127.0.0.1:PORT` of the server. The test that asks is skipped where Sail or pyspark is not installed."""
    pytest.importorskip("pysail", reason="pysail is not installed: nothing to run Spark plans on")
    pytest.importorskip("pyspark", reason="pyspark is not installed")
    from pysail.spark import SparkConnectServer

    # Sail forgets a session that asked nothing for five minutes; tests of one process lie further apart.
    os.environ["SAIL_SPARK__SESSION_TIMEOUT_SECS"] = "86400"
    server = SparkConnectServer("127.0.0.1", 0)
    server.start(background=True)
    _SERVERS.append(server)
    return f"sc://127.0.0.1:{server.listening_address[1]}"


def sail_session() -> Any:
    """The session of this process, with the settings that gouji asks for."""
    address = sail_address()
    from pyspark.sql import SparkSession

    from gouji.spark.sources import SETTINGS

    session = SparkSession.builder.remote(address).getOrCreate()
    for name, word in SETTINGS.items():
        session.conf.set(name, word)
    return session
