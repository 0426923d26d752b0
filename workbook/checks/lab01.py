"""Lab 01: a month's bill, the break-even load, cold starts, and whom functions suit."""

from workbook.checks.idle import bill, breakeven, cold, fit
from workbook.checks.idle.bill import MonthPrices, prices_of_today
from workbook.checks.idle.fit import CRITERIA, WORKLOADS
from workbook.learn import Exercise, Lab, Question

__all__ = ["CRITERIA", "WORKLOADS", "MonthPrices", "lab", "prices_of_today"]

_BILL = Exercise(
    id="01.1-bill",
    title="A month's bill",
    minutes=7,
    lines=5,
    hints=(
        "Two things are billed, requests and GB-seconds, and of each some are free. "
        "Compute both amounts before you think of prices.",
        "A request is billed in whole milliseconds, rounded up; memory is billed as "
        "part of a GB of 1,024 MB. What is free is taken off once a month, and never "
        "makes the bill negative.",
        "`billed_s = requests * math.ceil(duration_ms) / 1000`, then `gb_seconds = "
        "billed_s * memory_mb / 1024`. `max(requests - prices.free_requests, 0)` are "
        "the requests to pay; likewise the GB-seconds.",
    ),
    why=Question(
        "A function of 0.4 ms in 10,240 MB costs as much as one of 1 ms. When does "
        "rounding up hurt, and what would you do?",
        answer="It hurts where requests are shorter than the step: at 0.4 ms more than "
        "half of the time that you pay for is not used. Handle several events in one "
        "request (a batch), or take less memory: the handler gets slower, and as long "
        "as it stays within the millisecond you pay less.",
    ),
    check=bill.check,
)

_BREAK_EVEN = Exercise(
    id="01.2-break-even",
    title="Where servers become cheaper",
    minutes=8,
    lines=7,
    hints=(
        "You cannot see into `cost`, but you can ask it. It only ever grows. What do "
        "you know of the answer once you have found a load that costs more than the "
        "servers?",
        "Double a load until it costs more than the servers. The answer lies between "
        "that load and nought; look in the middle, and keep the half it is in.",
        "`low, high = 0, 1`; `while cost(high) < server_usd: high *= 2`. Then sixty "
        "times: `middle = (low + high) / 2`, and move `low` or `high` to it.",
    ),
    why=Question(
        "The sale takes one day of the year. Would you compare the bills of a mean "
        "month, of the busiest month, or of the year?",
        answer="Of the year: servers cost the same each month, functions do not. And "
        "count the servers that the busiest minute needs, for they have to be there.",
    ),
    check=breakeven.check,
)

_COLD = Exercise(
    id="01.3-cold",
    title="Who starts cold",
    minutes=9,
    lines=8,
    hints=(
        "Keep a list of the environments. All you need to know of each is when it "
        "became free, or will.",
        "At an arrival, those can take it that are free already and have been so for "
        "no longer than the timeout. If there is none, the request is cold and a new "
        "one joins the list; else the one that became free last takes it.",
        "`idle = [t for t in free_s if t <= at <= t + idle_timeout_s]`. If it is not "
        "empty, `free_s.remove(max(idle))`. Then `free_s.append(at + lasts)`, and the "
        "request was cold if `idle` was empty.",
    ),
    why=Question(
        "Would fewer requests start cold if the environment that has been idle "
        "longest were used first?",
        answer="Yes, as long as the load needs several: work in turn keeps them all "
        "awake, while the last one used first lets the others fall asleep. It also "
        "keeps more of them than are needed, which somebody pays for.",
    ),
    check=cold.check,
)

_FIT = Exercise(
    id="01.4-fit",
    title="Whom functions suit",
    minutes=6,
    lines=8,
    hints=(
        "For each workload ask which sentence of its story decides. Most criteria "
        "speak for it even where one rules it out.",
        "Two keep or chain what functions cannot (memory, seven hours in steps), one "
        "is never idle, one cannot wait. The other two suit functions.",
        "The game is not stateless, the accounts are not parallel, the search is not "
        "sporadic, the gate does not bear a cold start. Thumbnails and payment news "
        "suit: both are sporadic.",
    ),
    why=Question(
        "What would have to change for the snowball game to suit functions?",
        answer="Where everybody stands would have to live in a backend that is quick "
        "enough, so that any environment can take any move; or the moves of one game "
        "would have to stay in one place, which is a server. Sixty changes a second "
        "for each player make the first expensive.",
    ),
    check=fit.check,
)

lab = Lab(
    "01-what-serverless-is",
    [_BILL, _BREAK_EVEN, _COLD, _FIT],
    title="What serverless is",
)
