"""The examples in rule files as tests: each becomes a unit of one run."""

from gouji.examples.cases import Case, Failure, cases, example_submission, failures_of

__all__ = ["Case", "Failure", "cases", "example_submission", "failures_of"]
