"""Functions that call one another: right on good days, and where one is down."""

import pytest
from cfnlint.api import lint_all
from test_orchestrated import ORDERS, lives
from test_shop import Shop

from workbook.cloud import local_cloud
from workbook.cloud.template import grants_of, read
from workbook.shop import TANGLED, TEMPLATE


def test_the_template_is_clean():
    faults = lint_all(TANGLED.read_text())
    assert [str(f) for f in faults if f.rule.id[0] in "EW"] == []


def test_on_a_good_day_it_ends_as_the_others():
    assert lives(TANGLED, ORDERS) == lives(TEMPLATE, ORDERS)


def away(event, context):
    raise ConnectionError("this function is down")


def test_a_function_that_is_down_leaves_an_order_half_done():
    with local_cloud():
        shop = Shop(template=TANGLED)
        shop.stack["IssueTicket"].handler = away
        assert not shop.order("o-1").ok
        assert shop.stack.settle().done
        assert shop.taken_yen == {"o-1": 3800}
        assert shop.kinds("o-1")[-1] == "PaymentCaptured"


def test_the_choreography_comes_right_when_the_function_is_back():
    with local_cloud():
        shop = Shop()
        function = shop.stack["IssueTicket"]
        real, function.handler = function.handler, away
        assert shop.order("o-1").ok
        shop.stack.settle(within_s=120)
        assert shop.kinds("o-1")[-1] == "PaymentCaptured"
        function.handler = real
        assert shop.stack.settle().done
        assert shop.kinds("o-1")[-2:] == ["TicketIssued", "BuyerNotified"]


@pytest.mark.parametrize("path", [TEMPLATE, TANGLED])
def test_functions_call_what_they_may_call_and_nothing_else(path):
    """The environment names what a function uses; its policies must say the same."""
    for function in read(path).functions.values():
        granted = {grant.target for grant in grants_of(function)}
        assert "*" not in granted
        said = function.properties.get("Environment", {}).get("Variables", {})
        if path == TANGLED:
            named = {value["Ref"] for value in said.values()} - {"PriceYen"}
            assert named == granted
