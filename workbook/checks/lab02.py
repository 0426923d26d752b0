"""Lab 02: what a chain promises, a step behind a queue, and how long it drains."""

from workbook.checks.promises import decoupled, drain, topology
from workbook.checks.promises.evening import MailDown, open_queue
from workbook.learn import Exercise, Lab, Question

__all__ = ["MailDown", "lab", "open_queue"]

_TOPOLOGY = Exercise(
    id="02.1-availability",
    title="What a topology promises",
    minutes=8,
    lines=7,
    hints=(
        "There are three cases: a plain number, parts that are all needed, and parts "
        "of which any will do. The parts may be topologies themselves.",
        "Ask your own function for each part first. For `all`, multiply the parts. For "
        "`any`, multiply what each lacks to 1, and take that from 1.",
        "`kind, parts = topology`, then `ups = [availability(part) for part in "
        "parts]`. `math.prod(ups)` for `all`, `1 - math.prod(1 - up for up in ups)` "
        "for `any`.",
    ),
    why=Question(
        "Two data centres of 99% give 99.99% by this arithmetic. What has to be true "
        "for that?",
        answer="They must fail independently: no power line, network, operator, "
        "software version or traffic in common. Whatever they share stands in series "
        "with the pair.",
    ),
    check=topology.check,
)

_DECOUPLED = Exercise(
    id="02.2-behind-a-queue",
    title="Out of the chain",
    minutes=14,
    lines=6,
    hints=(
        "Two functions share the work: `place_order` only puts the order into the "
        "queue, `worker` takes it out and sends the mail. When mail is down, which "
        "of them may raise, and what does the queue make of it?",
        "Which messages have to wait for each other: those of the same order, of the "
        "same buyer, or all? They belong to one group. And what is the same when a "
        "buyer clicks twice, and different for any other order?",
        'The group is `order["buyer"]`, the de-duplication id `order["order_id"]`, the '
        "body `json.dumps(order)`. In `worker`, for each record: "
        '`self.send_mail(json.loads(record["body"]))`, and let `MailDown` get out.',
    ),
    why=Question(
        "Why is one group for each buyer better than one group for all?",
        answer="Both keep the mails in order. But messages of a group wait for each "
        "other: with one group, a single mail that cannot be sent (a wrong address, "
        "say) holds up the mails of all buyers.",
    ),
    check=decoupled.check,
)

_DRAIN = Exercise(
    id="02.3-drain",
    title="How long until it is over",
    minutes=8,
    lines=5,
    hints=(
        "How many orders are waiting when the outage ends? And how much shorter does "
        "the queue get in a second, while new orders still come in?",
        "The workers together do `workers / service_s` orders a second. What is left "
        "of that for the backlog? And what if nothing is left?",
        "`spare = workers / service_s - orders_per_s`. If there is an outage and "
        "`spare <= 0`, return `math.inf`; else `orders_per_s * outage_s / spare`.",
    ),
    why=Question(
        "Your workers are busy 90% of the time on a normal day. How long does an "
        "outage of half an hour take to drain?",
        answer="Four and a half hours: λ = 0.9 μ, so λL / (μ − λ) = 9 L. At 50% it is "
        "half an hour, at 99% two days. Spare capacity is idle on a normal day, and it "
        "is what ends a backlog.",
    ),
    check=drain.check,
)

lab = Lab(
    "02-what-you-give-up", [_TOPOLOGY, _DECOUPLED, _DRAIN], title="What you give up"
)
