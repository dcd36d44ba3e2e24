from .audited import SparkAudit as SparkAudit
from .audited import audit as audit
from .written_tables import SparkRun as SparkRun
from .written_tables import audit_on_spark as audit_on_spark
