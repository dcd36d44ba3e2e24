"""Airflow: audit, then tell other systems. The gate decides whether what hangs on it may run."""

from datetime import datetime

from airflow import DAG
from airflow.operators.bash import BashOperator

with DAG(
    "gouji_night",
    schedule="0 2 * * *",
    start_date=datetime(2026, 1, 1),
    catchup=False,
    max_active_runs=1,
):
    # Exit code 0 only when the gate is open: the task fails otherwise, and nothing downstream runs.
    night = BashOperator(
        task_id="night", bash_command="gouji night /srv/gouji --as-of {{ ds }} --wait 600"
    )
    # Reports are wanted whatever the gate says.
    report = BashOperator(
        task_id="report",
        bash_command="gouji report latest --workspace /srv/gouji --format sarif --out /srv/gouji/out/gouji.sarif",
        trigger_rule="all_done",
    )
    release = BashOperator(task_id="release", bash_command="echo release")
    night >> [report, release]
