"""Exercise 3: a failover that charges nobody twice, under every loss and crash."""

from collections.abc import Callable
from typing import Any

from workbook.checks.process import Program
from workbook.checks.world import fresh_cloud
from workbook.checks.wrapping import scenes
from workbook.checks.wrapping.street import ORDER, Street, in_words, street_of_its_own
from workbook.cloud import clock, create_table
from workbook.explore import explore
from workbook.learn import Verdict, failed, from_exploration, passed
from workbook.shop.payments import NotCharged, Payment, Receipt, Unknown

__all__ = ["check"]

_NO_RECEIPT = "it returns, and not with a receipt"


def check(pay: Callable) -> Verdict:
    """Whether it fails over where it must, and charges once whatever is lost."""
    return (
        _on_a_good_day(pay)
        or _with_a_declined_card(pay)
        or _when_the_first_is_down(pay)
        or _when_both_are_down(pay)
        or scenes.played(pay)
        or _explored(pay)
    )


def _on_a_good_day(pay: Callable) -> Verdict | None:
    with street_of_its_own() as street:
        receipt = street.pay(pay)
        charges = street.charges()
    if charges != ["first"]:
        return failed(
            f"On a good day {in_words(charges)} has charged, and it should be the "
            "first provider, once.",
            look="Ask the second one only if the first one surely did not charge.",
        )
    if not isinstance(receipt, Receipt):
        return failed(
            "The payment is made, and no receipt comes out.",
            look="`return` what `charge` returns.",
        )
    return None


def _with_a_declined_card(pay: Callable) -> Verdict | None:
    with street_of_its_own() as street:
        street.pay(pay, Payment("order-8", 3200, "0002"))
        tried_elsewhere = street.accounts[1].books()
    if tried_elsewhere:
        return failed(
            "The card is declined, and it tries the same card at the second provider.",
            look="A receipt that says `declined` is an answer, not a failure.",
        )
    return None


def _when_the_first_is_down(pay: Callable) -> Verdict | None:
    with street_of_its_own(down=True) as street:
        street.first = scenes.Line(street.first)
        street.pay(pay)
        charges, asked = street.charges(), [name for name, _ in street.first.calls]
    if not charges and "find" in asked and "charge" not in asked:
        return failed(
            "The first provider is down, so that its `find` raises, and nobody "
            "charges: no note said that there was anything to find.",
            look="Ask only the provider that a note names. Where there is no note, "
            "nobody was ever charged.",
        )
    if charges != ["second"]:
        return failed(
            "The first provider answers 503, nothing was done, and the second one "
            "does not charge once.",
            look="`NotCharged` may go to the next provider.",
        )
    return None


def _when_both_are_down(pay: Callable) -> Verdict | None:
    with street_of_its_own(down=True) as street:
        street.accounts[1].configure(down=True)
        came = street.pay(pay)
        for account in street.accounts:
            account.configure()
        clock.advance(30)
        street.pay(pay)
        charges = street.charges()
    if not isinstance(came, NotCharged | Unknown):
        return failed(
            "Both providers are down, and no error comes out: the queue takes the "
            "event for done.",
            look="Where nobody has charged, raise `NotCharged`.",
        )
    if isinstance(came, Unknown):
        return failed(
            "Both providers surely did not charge, and `Unknown` comes out: whoever "
            "called takes a refusal for a silence.",
            look="If nobody would charge, let `NotCharged` out.",
        )
    if len(charges) != 1:
        return failed(
            "Both providers were down, both are back, and the payment is not made.",
            look="What was noted last need not have been asked: `find` may say None.",
        )
    return None


def _explored(pay: Callable) -> Verdict:
    """Two losses, and a crash with one: both at once would take a minute."""
    tried = 0
    for crashes, losses in ((0, 2), (1, 1)):
        result = _explore(pay, crashes, losses)
        reason, look = _in_words(result)
        verdict = from_exploration(result, reason=reason, look=look)
        if verdict.status != "passed":
            return verdict
        tried += result.schedules
    return passed(
        f"tried: a good day, outages, eight scenes of three faults, and {tried} "
        "schedules with two losses or a crash and a loss"
    )


def _explore(pay: Callable, crashes: int, losses: int) -> Any:
    with fresh_cloud():
        street, program = Street(), Program(pay)

        def deliver(event: dict, context: Any) -> str:
            tools = street.first, street.second, street.notes
            receipt = program.start()(Payment(**event), *tools)
            return "receipt" if isinstance(receipt, Receipt) else _NO_RECEIPT

        return explore(
            deliver,
            vars(ORDER),
            setup=lambda: create_table("notes", "id"),
            invariant=_invariant(street),
            outside=street.apps,
            deliveries=1,
            faults=("crash", "response_lost", "request_lost", "throttle"),
            crashes=crashes,
            losses=losses,
            budget=3_000,
            progress=False,
        )


def _invariant(street: Street) -> Callable:
    def paid_once(run: Any) -> str | None:
        """The order is paid once."""
        charges = street.charges()
        if len(charges) > 1:
            return f"charged twice: at {in_words(charges)}"
        if run.dead_letters:
            return "given up: the order ends in the dead-letter queue"
        if not charges:
            return "the order is done, and nobody has charged it"
        return _NO_RECEIPT if _NO_RECEIPT in run.returned else None

    return paid_once


def _in_words(result: Any) -> tuple[str, str]:
    run = getattr(result, "counterexample", None)
    broken = getattr(run, "broken", "") or ""
    if broken.startswith("given up"):
        return (
            "Nobody comes to an end with it: it fails at each of five deliveries.",
            "A later delivery must be able to finish what an earlier one began.",
        )
    if broken.startswith("the order is done"):
        return (
            "It returns, and nobody has charged: the order is lost.",
            "Swallow no error: what is unknown has to come again.",
        )
    if broken == _NO_RECEIPT:
        return (
            "Something went wrong, and what it returns is no receipt: the shop would "
            "give a ticket for a payment that nobody knows of.",
            "Return a receipt or raise: what is unknown has to come again.",
        )
    if broken.endswith("the second and the second"):
        return (
            "It charges the second provider again: the order's id is no key there.",
            "Ask it by `find` before you charge it anew.",
        )
    if len(run.ended if run else ()) == 1:
        return (
            "After a silence it charges elsewhere, and the first charge was made.",
            "`Unknown` must not go to the next provider: raise it, or ask.",
        )
    return (
        "A later delivery charges anew, and an earlier one had charged.",
        "Note with whom the payment is *before* you charge; first of all, ask that "
        "provider. Where `find` raises, even `NotCharged`, there is no answer: let it "
        "out.",
    )
