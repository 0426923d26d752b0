"""One emulator for all tests of this folder that do not end it."""

import pytest

from workbook.cloud.environment import Emulator, environment

SMALL = """
Resources:
  Orders: {Type: AWS::SQS::Queue}
"""


@pytest.fixture(scope="session")
def emulator():
    """A running emulator."""
    running = Emulator()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def shop(emulator):
    """The shop, deployed and open, with 10 seats."""
    from workbook.shop import stock

    with environment(emulator=emulator) as env:
        stock.open_sale(env.resource("dynamodb").Table(env.ids["Stock"]), seats=10)
        yield env


@pytest.fixture
def small(emulator):
    """A stack of one queue."""
    with environment(SMALL, name="small", emulator=emulator) as env:
        yield env
