"""Answers to 03.3-one-effect."""

import uuid

from tests.zoo import right, wrong
from workbook.checks.splitting.office import give_back, mail, refund


def step(tool, name=lambda event: event["order_id"]):
    def function(event, context):
        tool(name(event), event["order_id"])
        return event

    return function


def cancelled(event):
    return event["order_id"] + "/cancelled"


@wrong("free_and_tell, has 2 side effects")
def seat_and_mail_together():
    def free_and_tell(event, context):
        give_back(event["order_id"], event["order_id"])
        mail(event["order_id"] + "/cancelled", event["order_id"])

    return [step(refund), free_and_tell]


@wrong("the seat is on sale before the money is back")
def seat_first():
    return [step(give_back), step(refund), step(mail, cancelled)]


@wrong("2 refunds")
def a_new_name_for_each_refund():
    pay_back = step(refund, lambda event: str(uuid.uuid4()))
    return [pay_back, step(give_back), step(mail, cancelled)]


@wrong("3 mails")
def a_new_name_for_each_mail():
    tell = step(mail, lambda event: str(uuid.uuid4()))
    return [step(refund), step(give_back), tell]


@wrong("1 seat is held, and it should be 0")
def gives_back_another_seat():
    other = step(give_back, lambda event: "seat of " + event["order_id"])
    return [step(refund), other, step(mail, cancelled)]


@wrong("1 mail, and it should be 2")
def tells_nobody():
    return [step(refund), step(give_back)]


@wrong("fewer than two functions")
def one_function():
    return [step(refund)]


@wrong("returned no list of functions")
def returns_a_dictionary():
    return {
        "refund": step(refund),
        "seat": step(give_back),
        "mail": step(mail, cancelled),
    }


@right
def mail_first():
    return [step(mail, cancelled), step(refund), step(give_back)]


@right
def as_lambdas():
    return (
        lambda e, c: refund("r/" + e["order_id"], e["order_id"]) or e,
        lambda e, c: give_back(e["order_id"], e["order_id"]) or e,
        lambda e, c: mail("m/" + e["order_id"], e["order_id"]) or e,
    )


@wrong("1 mail, and it should be 2", same_as="tells_nobody")
def the_name_of_the_sales_mail():
    return [step(refund), step(give_back), step(mail)]


@wrong("After a second order")
def one_name_for_all_orders():
    return [
        step(refund, lambda event: "refund"),
        step(give_back),
        step(mail, cancelled),
    ]


@wrong("to a new process")
def a_name_for_each_process():
    name = str(uuid.uuid4())
    return [step(refund, lambda event: name), step(give_back), step(mail, cancelled)]


@wrong("`refund` is a tool")
def the_tools_themselves():
    return [refund, give_back, mail]
