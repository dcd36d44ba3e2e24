from .assets import fetch as fetch
from .assets import localise as localise
from .checkpoint import Attached as Attached
from .checkpoint import Expected as Expected
from .checkpoint import run_checkpoint as run_checkpoint
from .rule_queries_sql import Query as Query
from .rule_queries_sql import queries as queries
