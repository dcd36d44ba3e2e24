from .example_cases import ExampleCase as ExampleCase
from .example_cases import Failure as Failure
from .example_cases import cases as cases
from .example_cases import example_submission as example_submission
from .example_cases import failures_of as failures_of
