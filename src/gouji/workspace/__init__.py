"""A workspace folder: its configuration, what came in, runs that are whole or absent, decisions kept apart from results."""

from gouji.workspace.config import Config, read_config
from gouji.workspace.folder import CONFIG, Workspace, init
from gouji.workspace.lock import locked

__all__ = ["CONFIG", "Config", "Workspace", "init", "locked", "read_config"]
