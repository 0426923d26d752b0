"""How far the mock and the environment are from AWS: a fidelity sheet, from a run.

    from workbook.cloud.differential import compare

    sheet = compare(env)        # a table of behaviours; sheet.differences are the lies
    sheet.frame()               # the same as a DataFrame

Each scenario is one behaviour of AWS that the workbook relies on, written once, as
plain boto3 code, with the page that documents it. It runs on moto, with functions
driven by `workbook.cloud.functions`, and in the environment. AWS itself is not asked:
what it does is taken from its documentation (of the API references, from the copies in
botocore 1.43.106). Where the emulator is mended, the environment is what the mends make
of it: `workbook/cloud/environment/inside` says which those are.
"""

from .comparison import SCENARIOS, Comparison, Row, compare
from .scenario import Scenario

__all__ = ["SCENARIOS", "Comparison", "Row", "Scenario", "compare"]
