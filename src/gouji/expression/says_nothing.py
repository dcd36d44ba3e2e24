"""A text -> whether it says nothing (无, 暂无。, 不适用, 详见附件, a dash): a pattern for Python and for SQL alike, plain enough for every engine."""

from __future__ import annotations

import re

# Signs, digits and numerals; `[-`` is the ASCII from [ to `. Letters and other Chinese characters say something.
_MARKS = (
    "\t\n\r -@\\[-`{-\u00bf\u00d7\u00f7\u2000-\u2bff\u3000-\u303f\ufe30-\ufe4f\uff01-\uff20\uff3b-\uff40\uff5b-\uff65\ufeff"
    "一二三四五六七八九十"
)
_BLANKS = "[ \t\n\r\u00a0\u3000]*"
# No word begins another one: there is one way to take a text apart, so a long one costs no more than its length.
_WORDS = (
    *("无", "無", "没有", "沒有", "暂", "暫", "尚", "均", "皆", "未", "不适用", "不涉及", "不存在"),
    *(
        "不需要",
        "不必",
        "须",
        "需",
        "略",
        "同上",
        "同前",
        "如上",
        "空",
        "白",
        "待定",
        "待补充",
        "待填",
    ),
    *(
        "详",
        "見",
        "见",
        "附件",
        "附表",
        "附后",
        "后附",
        "另附",
        "正常",
        "偏差",
        "差异",
        "异常",
        "问题",
    ),
    *(
        "原因",
        "情况",
        "说明",
        "分析",
        "改进",
        "整改",
        "措施",
        "明显",
        "任何",
        "相关",
        "其他",
        "该",
        "此",
    ),
    *("项", "内容", "发生", "出现", "产生", "发现", "填", "写", "报", "及", "和", "与", "或", "的"),
)
_LATIN = ("no", "na", "null", "none", "nil", "x")


def _spelt(word: str) -> str:
    """A Latin word in either case, half or full width, with dots or strokes between its letters."""
    return "[./ ／．]*".join(
        f"[{c}{c.upper()}{chr(ord(c) + 0xFEE0)}{chr(ord(c.upper()) + 0xFEE0)}]" for c in word
    )


NOTHING_SAID = (
    f"^(?:[{_MARKS}]|"
    + "|".join((*(_BLANKS.join(word) for word in _WORDS), *map(_spelt, _LATIN)))
    + ")*$"
)
_COMPILED = re.compile(NOTHING_SAID)


def says_nothing(text: str) -> bool:
    """Whether a text is made of signs, numbers and words alone that give no reason."""
    return _COMPILED.fullmatch(text) is not None
