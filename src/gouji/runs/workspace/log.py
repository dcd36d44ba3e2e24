"""What happened when, one JSON object a line, a file a month: for people who look for a lost night, and for log collectors."""

from __future__ import annotations

import json
import os
from datetime import datetime
from pathlib import Path
from typing import Any

from gouji.base.address import redacted


class Log:
    """Appends events; each line is written at once, so that a killed run still has its last words."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, event: str, **fields: Any) -> None:
        """Write one event."""
        now = datetime.now().astimezone()
        self.folder.mkdir(exist_ok=True)
        line = json.dumps(
            {
                "time": now.isoformat(timespec="milliseconds"),
                "event": event,
                "pid": os.getpid(),
                **fields,
            },
            ensure_ascii=False,
            default=str,
        )
        with (self.folder / f"{now:%Y-%m}.jsonl").open("a", encoding="utf-8") as file:
            file.write(redacted(line) + "\n")
