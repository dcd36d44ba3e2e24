"""A generator's specification -> made-up data for any number of units, and the truth about what is wrong with them."""

from gouji.synth.make import Made, make
from gouji.synth.spec import More, Spec, extended, only_of, read_more, read_spec

__all__ = ["Made", "More", "Spec", "extended", "make", "only_of", "read_more", "read_spec"]
