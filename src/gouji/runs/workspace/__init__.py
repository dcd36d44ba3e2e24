"""A workspace folder: its configuration, what came in, runs that are whole or absent, decisions kept apart from results."""

from gouji.base.resources import CONFIG
from gouji.runs.workspace.config import Config, read_config
from gouji.runs.workspace.folder import Workspace, init
from gouji.runs.workspace.lock import locked

__all__ = ["CONFIG", "Config", "Workspace", "init", "locked", "read_config"]
