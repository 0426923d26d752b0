"""Answers to 03.4-needless-calls."""

from tests.zoo import right, wrong
from workbook.checks.splitting.edges import calls_of

FOUND = [
    ("IssueTicket", "LookUp"),
    ("NotifyBuyer", "CapturePayment"),
    ("Record", "NotifyBuyer"),
    ("ReserveSeat", "Price"),
]


@wrong("needs the call PlaceOrder → NotifyBuyer")
def plays_no_sold_out_order(design):
    made = set(calls_of("4242")) | set(calls_of("0002"))
    return [pair for pair in design.invocations if pair not in made]


@wrong("needs the call PlaceOrder → ReleaseSeat")
def plays_no_declined_card(design):
    made = set(calls_of("4242")) | set(calls_of("4242", seats=0))
    return [pair for pair in design.invocations if pair not in made]


@wrong("3 calls that no order makes are")
def removes_the_circle_alone(design):
    return [("Record", "NotifyBuyer")]


@wrong("1 call that no order makes is")
def forgets_one(design):
    return FOUND[:3]


@wrong("4 calls that no order makes are")
def removes_nothing(design):
    return []


@wrong("may not call PlaceOrder as it is")
def turned_round(design):
    return [("ReserveSeat", "PlaceOrder")]


@wrong("is no pair of names")
def names_alone(design):
    return ["IssueTicket", "LookUp"]


@wrong("returned no list of calls")
def a_dictionary(design):
    return dict(FOUND)


@wrong("A good order needs the call")
def removes_all(design):
    return design.invocations


@right
def by_sets(design):
    made = set()
    for card, seats in (("4242", 1), ("0002", 1), ("4242", 0)):
        made.update(calls_of(card, seats=seats))
    return set(design.invocations) - made


@right
def as_lists(design):
    return [list(pair) for pair in FOUND]


@wrong("These are the calls that orders make")
def the_other_way_round(design):
    return calls_of("4242")


@right
def plays_the_orders_for_each_pair(design):
    return [
        (one, other)
        for one, other in design.invocations
        if (one, other) not in calls_of("4242", 1)
        and (one, other) not in calls_of("0002", 1)
        and (one, other) not in calls_of("4242", 0)
    ]
