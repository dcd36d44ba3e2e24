from .audited import SparkAudit as SparkAudit
from .audited import audit as audit
from .judged_by_sql import SqlAudit as SqlAudit
from .judged_by_sql import audit_by_sql as audit_by_sql
from .written_tables import SparkRun as SparkRun
from .written_tables import audit_on_spark as audit_on_spark
