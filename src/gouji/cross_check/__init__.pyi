from .assets import fetch as fetch
from .assets import localise as localise
from .checkpoint import Attached as Attached
from .checkpoint import Expected as Expected
from .checkpoint import run_checkpoint as run_checkpoint
from .query_list import Query as Query
from .query_list import queries as queries
