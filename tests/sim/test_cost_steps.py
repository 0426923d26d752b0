"""The steps by which a bill is rounded, and what is free of /tmp, are the facts'."""

from workbook.facts import fact
from workbook.sim.cost import function_bill, lambda_prices, provisioned_bill

WORK = {"requests": 1_000_000, "duration_s": 0.1, "memory_mb": 512}


def test_a_request_is_billed_in_the_step_of_the_facts():
    step_s = fact("lambda.billing.step").value / 1000
    assert lambda_prices().step_s == step_s
    whole = function_bill(**WORK | {"duration_s": 3 * step_s}).gb_seconds
    above = function_bill(**WORK | {"duration_s": 3.01 * step_s}).gb_seconds
    assert above / whole == 4 / 3


def test_as_much_of_tmp_is_free_as_the_facts_say():
    free_mb = fact("lambda.ephemeral.free").value
    assert function_bill(**WORK, ephemeral_mb=free_mb).storage_usd == 0
    assert function_bill(**WORK, ephemeral_mb=free_mb + 1).storage_usd > 0


def test_provisioned_concurrency_is_billed_in_the_step_of_the_facts():
    step_s = 60 * fact("lambda.provisioned.step").value

    def kept_usd(enabled_s):
        bill = provisioned_bill(**WORK, environments=10, enabled_s=enabled_s)
        return bill.provisioned_usd

    assert kept_usd(1) == kept_usd(step_s) > 0
    assert kept_usd(step_s + 1) == 2 * kept_usd(step_s)
