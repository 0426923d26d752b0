"""Lab 09: at least once in, the effect applied once; five steps to the decorator."""

from workbook.checks.exactly_once import (
    changed_payload,
    forget_in_time,
    lease,
    one_winner,
    same_answer,
)
from workbook.checks.exactly_once.costs import own_calls
from workbook.checks.exactly_once.shop import LEASE_S, charge, open_shop
from workbook.learn import Exercise, Lab, Question
from workbook.patterns.idempotency import InProgress, PayloadChanged

__all__ = ["LEASE_S", "InProgress", "PayloadChanged", "charge", "lab", "open_shop"]

_ONE_WINNER = Exercise(
    id="09.1-one-winner",
    title="One winner",
    minutes=6,
    lines=6,
    hints=(
        "Whoever reads first and writes afterwards leaves a gap in which another "
        "delivery does the same. `put_item` can take a condition along: DynamoDB looks "
        "and writes in one step, and refuses the write if the condition does not hold.",
        'The condition is `Attr("id").not_exists()`, given as `ConditionExpression`. '
        "A refused write raises. Which error do you want to catch, and what about all "
        "the others: a throttled call, a table that is not there?",
        "Put `records.put_item(Item=…, ConditionExpression=…)` into a `try`. Catch "
        "`records.meta.client.exceptions.ConditionalCheckFailedException`, and only "
        "that, and return False there. Return True at the end.",
    ),
    why=Question(
        "Why is it not enough to look whether the record is there, and to write it if "
        "it is not?",
        answer="Between the look and the write there is a moment in which another "
        "delivery can look, too, and see the same nothing. Only the table can put the "
        "two in an order, so the table must do the looking: a conditional write is one "
        "step for it.",
    ),
    check=one_winner.check,
)

_SAME_ANSWER = Exercise(
    id="09.2-same-answer",
    title="The same answer again",
    minutes=8,
    lines=9,
    hints=(
        "There are three situations. The order is new: claim it, run the handler, "
        "keep its result. It is finished: give the kept result. It is being worked "
        "on: there is a claim and no result yet. What must a delivery do in the third?",
        "`claim(order_id)` from exercise 1 tells the first situation from the other "
        "two. In the first, write the result into the order's record with `put_item`, "
        "as text made by `json.dumps`. In the others, read the record with `get_item` "
        "and `ConsistentRead=True`.",
        "After a lost claim: `record = records.get_item(Key=key, "
        'ConsistentRead=True)["Item"]`. If `"answer"` is not in it, `raise '
        'InProgress(…)`; otherwise `return json.loads(record["answer"])`. Ask with '
        "`in`: an answer may be `None`.",
    ),
    why=Question(
        "A duplicate that comes while the first delivery is at work fails. Why not let "
        "it return nothing, or wait?",
        answer="A delivery that returns is deleted from the queue, so nobody would be "
        "left to come back if the first one died. One that waits is paid for while it "
        "does nothing, and may run into its own timeout. One that fails costs nothing "
        "until the queue brings it back, and by then the answer is there.",
    ),
    check=same_answer.check,
)

_LEASE = Exercise(
    id="09.3-lease",
    title="A lease that survives a crash",
    minutes=10,
    lines=13,
    hints=(
        "Write into the claim until when it holds: `int(time.time()) + LEASE_S`. A "
        "claim whose end has passed belongs to an invocation that has died, and may "
        "be taken over. Seeing that it has passed and taking over must be one write.",
        "The condition: there is no record, *or* its end lies in the past. When the "
        "work is done, put a record with the answer and without an end: then the "
        "second half of the condition can never be true again. And what if the crash "
        "comes between the charge and that record? Look at the third argument of "
        "`charge`.",
        '`free = Attr("id").not_exists() | Attr("leased_until").lte(now)`, then as in '
        "exercise 2: put the claim under this condition; if refused, read the record "
        "and give its answer or `raise InProgress(…)`; else `charge(order_id, yen, "
        "key=order_id)`, put the answer, return it.",
    ),
    why=Question(
        "After a crash a second attempt asks the provider once more. Why is the order "
        "not charged twice?",
        answer="Because both attempts give the same key, and the provider applies a "
        "key once. The lease cannot do that: if an attempt dies after the charge and "
        "before the record, nothing in our table can say how far it had come. "
        "Somebody on the other side has to recognise the second request.",
    ),
    check=lease.check,
)

_FORGET_IN_TIME = Exercise(
    id="09.4-forget-in-time",
    title="Forget in time",
    minutes=8,
    lines=8,
    hints=(
        "The table `records` has time to live switched on for the attribute "
        "`expires_at`. DynamoDB wants a Number there: the second, counted from 1970, "
        "at which the item may go.",
        "Write `int(time.time()) + keep_s`. DynamoDB deletes some time *after* that "
        "second. Until it does, the old record still stands in the way of your "
        "condition: what else must the condition accept?",
        '`free = Attr("id").not_exists() | Attr("expires_at").lte(now)` as the '
        "condition of one `put_item` that writes `id` and `expires_at`. The rest is as "
        "in exercise 1.",
    ),
    why=Question(
        "DynamoDB deletes expired records by itself. Why must your condition look at "
        "`expires_at` as well?",
        answer="Because it deletes them in its own time, which may be days later, and "
        "until then every read and every condition still sees them. Time to live keeps "
        "the table small; it is no clock. Whoever needs the second compares it.",
    ),
    check=forget_in_time.check,
)

_CHANGED_PAYLOAD = Exercise(
    id="09.5-changed-payload",
    title="Refuse a changed payload",
    minutes=8,
    lines=8,
    hints=(
        "The first delivery leaves its payload in the table, under a name of its own "
        "with the order's id in it: the handler may use the id itself. Every later one "
        "compares. You need one text for a whole event, the same for equal events.",
        "`json.dumps(event, sort_keys=True)` is such a text. Comparing and writing "
        "must be one step again: let a write through if the record is absent *or* "
        "holds the same text. An attempt that crashed and comes back then passes as "
        "well.",
        '`same = Attr("id").not_exists() | Attr("payload").eq(payload)`. Put `id` and '
        "`payload` under this condition; where it is refused, `raise "
        "PayloadChanged(…) from None`; after it, `return handler(event, context)`.",
    ),
    why=Question(
        "Why refuse the second payload, instead of serving it, or of answering with "
        "the first one's result?",
        answer="One id for two different wishes is a mistake on the sender's side, "
        "and no code here can know which of the two was meant. Serving it charges "
        "twice; answering with the old result tells the buyer that a wish was met "
        "which nobody looked at. Refused, the message ends in the dead-letter queue, "
        "where a person sees it.",
    ),
    check=changed_payload.check,
)

lab = Lab(
    "09-exactly-once",
    [_ONE_WINNER, _SAME_ANSWER, _LEASE, _FORGET_IN_TIME, _CHANGED_PAYLOAD],
    title="Exactly once",
    ledger=own_calls,
)
