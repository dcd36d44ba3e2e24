from .make_units import Made as Made
from .make_units import make as make
from .spec import More as More
from .spec import Spec as Spec
from .spec import extended as extended
from .spec import only_of as only_of
from .spec import read_more as read_more
from .spec import read_spec as read_spec
