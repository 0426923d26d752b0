"""Lab 14: the seat, the payment, and a whole design in the storm."""

from workbook.checks.flashsale import payment, seat, whole
from workbook.checks.flashsale.scene import open_shop, own_calls
from workbook.checks.flashsale.whole import STORM, compare
from workbook.learn import Exercise, Lab, Question

__all__ = ["STORM", "compare", "lab", "open_shop"]

_SEAT = Exercise(
    id="14.1-seat",
    title="The seat",
    minutes=20,
    lines=8,
    hints=(
        "`move` takes a seat for a new order, and answers with what the order is then: "
        "RESERVED, SOLD_OUT (and then nothing was written), or what it has been "
        "before. Two of these three are news for the buyer, and one is work for the "
        "payment.",
        'After `status = move(shop.office, order_id, "", RESERVED, seats=-1)` a '
        "SOLD_OUT must still be written down: `status = note(shop, order_id, "
        "SOLD_OUT)`, which answers with what stands there.",
        "In the end: `if status == RESERVED:` send the order to `payments`, whether "
        "this attempt reserved it or an earlier one; otherwise tell the buyer the "
        "status, whatever it is. A memory is not needed to pass.",
    ),
    why=Question(
        "An order that is already reserved is sent to the payments again. Why is that "
        "right, and not a waste?",
        answer="Nobody can tell whether the attempt before came as far as sending: it "
        "may have died between the seat and the message. Not to send loses the order; "
        "to send twice costs a message, since the payment may be repeated. Between a "
        "loss and a repetition, choose the repetition, and make it harmless.",
    ),
    check=seat.check,
)

_PAYMENT = Exercise(
    id="14.2-payment",
    title="The payment",
    minutes=15,
    lines=7,
    hints=(
        "Ask the bank first, with a key that is the same in each attempt. What it "
        "raises gets out: the queue brings the order back, and the key makes the "
        "second charge the first one.",
        "A receipt says “captured” or “declined”. Either way one `move` from RESERVED "
        "ends the order, for a bad card with `seats=+1`.",
        "`move` answers with what the order has become, also when another delivery "
        "was faster: tell the buyer that, in every case.",
    ),
    why=Question(
        "Why is there no `try` around the call to the bank?",
        answer="There is nothing that this function could do with the error. It does "
        "not know whether money was taken; the next attempt will, by the key. A queue "
        "is the better `except`: it waits, counts, tries again in a new process, and "
        "in the end shows the order to a person.",
    ),
    check=payment.check,
)

_WHOLE = Exercise(
    id="14.3-whole",
    title="The whole",
    minutes=25,
    lines=5,
    hints=(
        "Two stages, as in the chapter: `orders` and `payments`, each with its own "
        "visibility timeout, receives and concurrency. Your two functions are right "
        "already; what is left are numbers that must fit the storm.",
        "The bank is away for a minute. The last of n receives comes n − 1 visibility "
        "timeouts after the first: `visibility_s * (max_receives - 1)` of the payments "
        "must be longer than the outage, or the orders die. A long visibility timeout "
        "makes the buyers wait when the bank is back, and p99 shows it.",
        '`Design("mine", {"orders": Stage(reserve, visibility_s=12, concurrency=10), '
        '"payments": Stage(pay, visibility_s=12, max_receives=8)})` holds. Then turn '
        "the numbers, and read `compare(my_design)`.",
    ),
    why=Question(
        "Your design broke nothing in two storms and in every schedule of the "
        "smallest sale. What may still go wrong on the day?",
        answer="Whatever is in neither: transactions that meet and are refused, cold "
        "starts, a bank that is slow and not silent, a limit of the account, somebody "
        "who redrives too early. A storm samples and the explorer proves something "
        "small. So the same eight sentences must be asked in production, by the "
        "clock.",
    ),
    check=whole.check,
)

lab = Lab(
    "14-flash-sale",
    [_SEAT, _PAYMENT, _WHOLE],
    title="Flash sale",
    ledger=own_calls,
)
