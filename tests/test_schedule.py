"""The page on the nightly job runs from nothing to a gated run; what is there for schedulers calls commands that exist."""

import ast
import contextlib
import re
import shlex
import shutil
import subprocess
from configparser import ConfigParser
from pathlib import Path

import click
import pytest

from gouji import cli
from gouji.app.history import listed
from gouji.rules.model import FrozenModel
from gouji.rules.yaml_text import read_document
from gouji.runs.workspace.config import Config, read_config
from nights import workspace

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs/nightly.md").read_text("utf-8")
SCHEDULE = ROOT / "docs/schedule"


def commands():
    """Every line of the page's shell blocks with the exit code it names."""
    for block in re.findall(r"^```sh\n(.*?)^```$", PAGE, re.M | re.S):
        for line in block.splitlines():
            command, _, note = line.partition("#")
            yield shlex.split(command), int(note.split()[-1]) if note else 0


def test_the_page_runs_from_nothing_to_a_gated_run(tmp_path, capsys):
    shutil.copytree(
        ROOT / "datasets",
        tmp_path / "datasets",
        ignore=shutil.ignore_patterns("*.xlsx", "*.parquet"),
    )
    with contextlib.chdir(tmp_path):
        for words, code in commands():
            if words[0] == "gouji":
                assert cli.main(words[1:]) == code, (words, capsys.readouterr())
            else:
                subprocess.run(words, check=True)
    assert [r.gate for r in listed(tmp_path / "bureau")] == ["closed", "open"]
    said = capsys.readouterr().out
    assert "审了 2 份" in said and "逐字节相同" in said
    assert (tmp_path / "bureau/out/junit.xml").is_file()


def named(block):
    """With a rulebook, which every workspace names."""
    return block if re.search("^rules:", block, re.M) else f"rules: anning-2023\n{block}"


@pytest.mark.parametrize("block", re.findall(r"^```yaml\n(.*?)^```$", PAGE, re.M | re.S))
def test_configuration_on_the_page_is_configuration(block):
    assert read_config("gouji.yaml", named(block)) != Config(rules="anning-2023")


def keys(model):
    for name, field in model.model_fields.items():
        yield name
        if isinstance(field.annotation, type) and issubclass(field.annotation, FrozenModel):
            yield from keys(field.annotation)


@pytest.mark.parametrize("key", sorted(set(keys(Config))))
def test_every_key_of_the_configuration_is_documented(key):
    assert f"`{key}`" in PAGE or f"{key}:" in PAGE, key


def test_a_new_workspace_explains_itself(tmp_path):
    cli.main(["workspace", "init", str(tmp_path / "w"), "--rules", "anning-2023"])
    text = (tmp_path / "w/gouji.yaml").read_text("utf-8")
    # What is commented out is configuration as well.
    assert (
        read_config(
            "gouji.yaml", text.replace("# docs", "#docs").replace("\n# ", "\n")
        ).notify.addresses_from
        == "GOUJI_NOTIFY"
    )
    assert read_document("gouji.yaml", text).data["rules"] == "anning-2023"


def scheduled():
    """The command lines of everything that schedules."""
    service, timer = (
        ConfigParser(strict=False, interpolation=None),
        ConfigParser(strict=False, interpolation=None),
    )
    service.read(SCHEDULE / "gouji-night.service", "utf-8")
    timer.read(SCHEDULE / "gouji-night.timer", "utf-8")
    assert timer["Timer"]["OnCalendar"] and timer["Install"]["WantedBy"] == "timers.target"
    # A shut gate is a night that did its work; anything else but 0 is a failed unit.
    assert service["Service"]["SuccessExitStatus"] == "1"
    yield "systemd", service["Service"]["ExecStart"]
    (line,) = [
        x for x in (SCHEDULE / "crontab").read_text("utf-8").splitlines() if not x.startswith("#")
    ]
    assert re.fullmatch(r"(?:[\d*/,-]+ ){5}", " ".join(line.split()[:5]) + " ")
    yield "cron", " ".join(line.split()[5:]).partition(">>")[0]
    for node in ast.walk(ast.parse((SCHEDULE / "airflow_dag.py").read_text("utf-8"))):
        if (
            isinstance(node, ast.keyword)
            and node.arg == "bash_command"
            and "gouji" in node.value.value
        ):
            yield "airflow", node.value.value.replace("{{ ds }}", "2026-11-25")


@pytest.mark.parametrize("command", [pytest.param(c, id=f"{n}: {c}") for n, c in scheduled()])
def test_scheduled_commands_run(tmp_path, command, capsys):
    root = workspace(tmp_path / "srv", A={})
    cli.main(["night", str(root)])
    done = cli.main(shlex.split(command.replace("/srv/gouji", str(root)))[1:])
    assert done == cli.Exit.CLEAN, capsys.readouterr()


def test_the_units_of_systemd_are_units(tmp_path):
    if not shutil.which("systemd-analyze"):
        pytest.skip("no systemd-analyze on this machine (Debian: apt-get install systemd)")
    shutil.copytree(SCHEDULE, tmp_path / "u")
    service = tmp_path / "u/gouji-night.service"
    service.write_text(
        service.read_text("utf-8")
        .replace("ExecStart=gouji", f"ExecStart={shutil.which('true')}")
        .replace("User=gouji\n", ""),
        "utf-8",
    )
    done = subprocess.run(
        ["systemd-analyze", "verify", str(tmp_path / "u/gouji-night.timer")],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr


def test_exit_codes_of_a_night_are_documented():
    assert [int(code) for code in re.findall(r"^\| (\d) \| ", PAGE, re.M)] == [
        int(code) for code in cli.Exit
    ]


def test_commands_of_the_page_exist():
    group = cli._cli()
    for name in set(re.findall(r"`gouji ([a-z-]+)", PAGE)):
        assert isinstance(group.commands.get(name), click.Command), name
