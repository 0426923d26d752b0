"""Answers to 03.2-split."""

import uuid

from tests.zoo import right, wrong
from workbook.checks.splitting.office import charge, issue, mail, reserve, sell


def step(tool, name=lambda event: event["order_id"]):
    def function(event, context):
        tool(name(event), event["order_id"])
        return event

    return function


@wrong("2 seats are held")
def draws_every_name_in_place():
    new = lambda event: str(uuid.uuid4())  # noqa: E731
    return [step(tool, new) for tool in (reserve, charge, issue, mail)]


@wrong("2 charges")
def draws_a_name_for_the_charge():
    pay = step(charge, lambda event: str(uuid.uuid4()))
    return [step(reserve), pay, step(issue), step(mail)]


@wrong("2 mails")
def draws_a_name_for_the_mail():
    tell = step(mail, lambda event: str(uuid.uuid4()))
    return [step(reserve), step(charge), step(issue), tell]


@wrong("two tries hand on different events")
def draws_the_name_one_function_earlier():
    def hold(event, context):
        reserve(event["order_id"], event["order_id"])
        return {**event, "key": str(uuid.uuid4())}

    by_key = lambda event: event["key"]  # noqa: E731
    return [hold, step(charge, by_key), step(issue), step(mail)]


@wrong("fewer than two functions")
def one_function():
    return [sell]


@wrong("a ticket, and nothing paid")
def ticket_before_the_money():
    return [step(tool) for tool in (reserve, issue, charge, mail)]


@wrong("0 tickets, and it should be 1")
def forgets_the_ticket():
    return [step(tool) for tool in (reserve, charge, mail)]


@wrong("the next one gets no event")
def hands_nothing_on():
    def hold(event, context):
        reserve(event["order_id"], event["order_id"])

    return [hold, step(charge), step(issue), step(mail)]


@wrong("returned no list of functions")
def returns_the_first():
    return step(reserve)


@wrong("in the list is no function")
def calls_them_in_the_list():
    return [step(reserve)({"order_id": "order-7"}, None), step(charge)]


@wrong("KeyError", status="your code raised")
def reads_another_event():
    return [step(reserve, lambda event: event["id"]), step(charge)]


@right
def two_functions():
    def first(event, context):
        reserve(event["order_id"], event["order_id"])
        charge(event["order_id"], event["order_id"])
        return event

    def second(event, context):
        issue(event["order_id"], event["order_id"])
        mail(event["order_id"], event["order_id"])

    return [first, second]


@right
def with_names_of_their_own():
    def named(word):
        return lambda event: f"{word}/{event['order_id']}"

    tools = (reserve, charge, issue, mail)
    return tuple(step(tool, named(tool.__name__)) for tool in tools)


@right
def money_first():
    return [step(tool) for tool in (charge, reserve, issue, mail)]


@wrong("After a second order")
def one_name_for_all_orders():
    same = lambda event: "x"  # noqa: E731
    return [step(tool, same) for tool in (reserve, charge, issue, mail)]


@wrong("to a new process")
def a_name_for_each_process():
    name = str(uuid.uuid4())
    drawn = lambda event: name  # noqa: E731
    return [step(tool, drawn) for tool in (reserve, charge, issue, mail)]


@wrong("`reserve` is a tool")
def the_tools_themselves():
    return [reserve, charge, issue, mail]
