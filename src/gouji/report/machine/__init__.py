"""One run -> the forms that other programs read: JUnit, SARIF 2.1.0, JSON lines, GitHub and GitLab annotations, Prometheus metrics. Pure."""

from gouji.report.machine.annotations import github, gitlab
from gouji.report.machine.json_lines import json_lines
from gouji.report.machine.junit import junit
from gouji.report.machine.kept_run import Run
from gouji.report.machine.metrics import prometheus
from gouji.report.machine.sarif import sarif

FORMATS = {
    "junit": junit,
    "sarif": sarif,
    "jsonl": json_lines,
    "github": github,
    "gitlab": gitlab,
    "prometheus": prometheus,
}
__all__ = ["FORMATS", "Run", "github", "gitlab", "json_lines", "junit", "prometheus", "sarif"]
