"""Answers to 03.3-one-effect."""

import uuid

from tests.zoo import right, wrong
from workbook.checks.splitting.office import give_back, mail, refund


def step(tool, name=lambda event: event["order_id"]):
    def function(event, context):
        tool(name(event), event["order_id"])
        return event

    return function


@wrong("free_and_tell, has 2 side effects")
def seat_and_mail_together():
    def free_and_tell(event, context):
        give_back(event["order_id"], event["order_id"])
        mail(event["order_id"], event["order_id"])

    return [step(refund), free_and_tell]


@wrong("the seat is on sale before the money is back")
def seat_first():
    return [step(give_back), step(refund), step(mail)]


@wrong("2 refunds")
def a_new_name_for_each_refund():
    pay_back = step(refund, lambda event: str(uuid.uuid4()))
    return [pay_back, step(give_back), step(mail)]


@wrong("2 mails")
def a_new_name_for_each_mail():
    tell = step(mail, lambda event: str(uuid.uuid4()))
    return [step(refund), step(give_back), tell]


@wrong("1 seat is held, and it should be 0")
def gives_back_another_seat():
    other = step(give_back, lambda event: "seat of " + event["order_id"])
    return [step(refund), other, step(mail)]


@wrong("0 mails, and it should be 1")
def tells_nobody():
    return [step(refund), step(give_back)]


@wrong("fewer than two functions")
def one_function():
    return [step(refund)]


@wrong("returned no list of functions")
def returns_a_dictionary():
    return {"refund": step(refund), "seat": step(give_back), "mail": step(mail)}


@right
def mail_first():
    return [step(mail), step(refund), step(give_back)]


@right
def as_lambdas():
    return (
        lambda e, c: refund("r/" + e["order_id"], e["order_id"]) or e,
        lambda e, c: give_back(e["order_id"], e["order_id"]) or e,
        lambda e, c: mail("m/" + e["order_id"], e["order_id"]) or e,
    )
