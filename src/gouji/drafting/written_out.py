"""What clauses shorten -> written out: 完成得5分,完成80%以上得3分 has 100% as its first figure; 每低于100%1个百分点 has 100% as its standard."""

from __future__ import annotations

import re

from gouji.drafting.clause_grammar import NUMBER

# All of it, with the points, before ranges of how much was done.
_ALL_DONE = re.compile(
    rf"(?:全部|全面|全|均|都|年度任务|目标任务|工作任务|任务)?完成(?=(?:的|任务|目标|任务的|目标的)?[,:]?[得计给记]?{NUMBER}分[^。\n]*?完成{NUMBER}%)"
)
_BEYOND = re.compile(rf"每(?P<sign>低于|少于|超过|高于)(?P<end>{NUMBER}%)的?(?={NUMBER}个百分点)")


def written_out(text: str) -> str:
    """A clause in normal form, with the figures that it leaves to the reader.

    >>> written_out("全部完成得5分,完成80%以上得3分")
    '完成100%得5分,完成80%以上得3分'
    >>> written_out("每低于100%1个百分点,扣0.2分")
    '以100%为标准,每低于1个百分点,扣0.2分'
    """
    if len(_ALL_DONE.findall(text)) == 1:
        text = _ALL_DONE.sub("完成100%", text)
    return _BEYOND.sub(r"以\g<end>为标准,每\g<sign>", text)


__all__ = ["written_out"]
