"""YAML text -> YamlDocument: plain values (exact: numbers are int or Decimal) and the line of every key.

Refused: duplicate keys, tags, anchors, a second document, keys that are not text. `yes`, `on`, `0700` and `1:30` are text:
only `true`, `false`, `null`, whole numbers and decimals are anything else.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from gouji.base.faults import Place, RuleError, raise_all
from gouji.base.i18n import _
from gouji.base.lazy_import import yaml
from gouji.rules.source_map import Path_, YamlDocument

_WORDS = {"true": True, "false": False, "null": None, "~": None, "": None}
# Tags that YAML itself gives to plain values; anything else was written by somebody (!!python/…, !!binary, <<).
_STANDARD = "tag:yaml.org,2002:"
_PLAIN_TAGS = frozenset({"map", "seq", "str", "int", "float", "bool", "null", "timestamp", "value"})


def read_document(file: str, text: str) -> YamlDocument:
    """Parse one YAML text. Raises an ExceptionGroup of RuleError with file:line for each thing it refuses."""
    try:
        nodes = list(yaml.compose_all(text, Loader=_loader()))
    except yaml.MarkedYAMLError as fault:
        mark = fault.problem_mark
        line = mark.line + 1 if mark else 0
        raise_all(
            [
                RuleError(
                    _("不是合法的 YAML: {why}").format(why=fault.problem),
                    place=Place(file, line),
                    fix=_("检查缩进、冒号后的空格和引号"),
                )
            ]
        )
    except yaml.YAMLError as fault:
        raise_all(
            [
                RuleError(
                    _("不是合法的 YAML: {why}").format(why=fault),
                    place=Place(file),
                    fix=_("用 UTF-8 保存，去掉控制字符"),
                )
            ]
        )
    if len(nodes) > 1:
        raise_all(
            [
                RuleError(
                    _("一个文件只能有一份内容"),
                    place=Place(file, nodes[1].start_mark.line + 1),
                    fix=_("去掉 --- 以后的部分"),
                )
            ]
        )
    reader = _Reader(file)
    data = reader.value(nodes[0], ()) if nodes else None
    raise_all(reader.faults)
    return YamlDocument(file, data, reader.lines)


def _loader() -> Any:
    """The loader in C, where there is one."""
    return getattr(yaml, "CSafeLoader", None) or yaml.SafeLoader


class _Reader:
    def __init__(self, file: str) -> None:
        self.file = file
        self.lines: dict[Path_, int] = {}
        self.faults: list[RuleError] = []
        self._seen: set[int] = set()

    def value(self, node: yaml.Node, path: Path_) -> Any:
        self.lines.setdefault(path, node.start_mark.line + 1)
        if not isinstance(node, yaml.ScalarNode) and id(node) in self._seen:
            return self._refuse(node, _("不能用 YAML 锚点重复引用"), _("把内容写出来"))
        self._seen.add(id(node))
        if node.tag.removeprefix(_STANDARD) not in _PLAIN_TAGS:
            return self._refuse(
                node, _("不能用 YAML 标签 {tag}").format(tag=node.tag), _("去掉标签")
            )
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(item, (*path, i)) for i, item in enumerate(node.value)]
        assert isinstance(node, yaml.ScalarNode)
        return _scalar(node)

    def _mapping(self, node: yaml.MappingNode, path: Path_) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                self._refuse(key_node, _("键必须是文字"), _("写成 键：值"))
                continue
            key = key_node.value
            if key in found:
                self._refuse(key_node, _("键“{key}”写了两次").format(key=key), _("只留一个"))
                continue
            self.lines[(*path, key)] = key_node.start_mark.line + 1
            found[key] = self.value(value_node, (*path, key))
        return found

    def _refuse(self, node: yaml.Node, what: str, fix: str) -> None:
        self.faults.append(
            RuleError(what, place=Place(self.file, node.start_mark.line + 1), fix=fix)
        )


def _scalar(node: yaml.ScalarNode) -> Any:
    text: str = node.value
    if node.style:  # the C loader says "" where the Python one says None; quoted or block: text, whatever it looks like
        return text
    if text in _WORDS:
        return _WORDS[text]
    if re.fullmatch(r"-?(0|[1-9][0-9]*)", text):
        return int(text)
    if re.fullmatch(r"-?[0-9]+\.[0-9]+", text):
        return Decimal(text)
    return text


__all__ = ["Path_", "YamlDocument", "read_document"]
