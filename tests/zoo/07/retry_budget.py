"""Answers to 07.1-retry-budget."""

import random

from tests.zoo import right, wrong
from workbook.shop.payments import NotCharged, Unknown


def pause(attempt, error):
    return max(random.uniform(0, 0.1 * 2 ** (attempt - 1)), error.retry_after_s)


@wrong("perhaps the first call has charged")
def after_a_silence_too(call, budget, sleep):
    for attempt in (1, 2, 3):
        try:
            return call()
        except (NotCharged, Unknown) as error:
            if attempt == 3 or not budget.take():
                raise
            sleep(max(random.uniform(0, 0.1), getattr(error, "retry_after_s", 0)))


@wrong("does not try again, and three attempts")
def two_attempts(call, budget, sleep):
    for attempt in (1, 2):
        try:
            return call()
        except NotCharged as error:
            if attempt == 2 or not budget.take():
                raise
            sleep(pause(attempt, error))


@wrong("is called 4 times")
def three_retries(call, budget, sleep):
    for attempt in (1, 2, 3, 4):
        try:
            return call()
        except NotCharged as error:
            if attempt == 4 or not budget.take():
                raise
            sleep(pause(attempt, error))


@wrong("no error comes out")
def gives_up_in_silence(call, budget, sleep):
    for attempt in (1, 2, 3):
        try:
            return call()
        except NotCharged as error:
            if attempt < 3 and budget.take():
                sleep(pause(attempt, error))


@wrong("its answer is not returned")
def forgets_the_answer(call, budget, sleep):
    for attempt in (1, 2, 3):
        try:
            call()
            return None
        except NotCharged as error:
            if attempt == 3 or not budget.take():
                raise
            sleep(pause(attempt, error))


@wrong("The budget is empty, and it tries again")
def without_a_budget(call, budget, sleep):
    for attempt in (1, 2, 3):
        try:
            return call()
        except NotCharged as error:
            if attempt == 3:
                raise
            sleep(pause(attempt, error))


@wrong("tokens for")
def pays_for_the_first_attempt(call, budget, sleep):
    for attempt in (1, 2, 3):
        try:
            return call()
        except NotCharged as error:
            if not budget.take() or attempt == 3:
                raise
            sleep(pause(attempt, error))


@wrong("does not sleep once between")
def at_once(call, budget, sleep):
    for attempt in (1, 2, 3):
        try:
            return call()
        except NotCharged:
            if attempt == 3 or not budget.take():
                raise


@wrong("comes back sooner")
def deaf_to_retry_after(call, budget, sleep):
    for attempt in (1, 2, 3):
        try:
            return call()
        except NotCharged:
            if attempt == 3 or not budget.take():
                raise
            sleep(random.uniform(0, 0.1 * 2 ** (attempt - 1)))


@wrong("knows fewer than five waits")
def without_jitter(call, budget, sleep):
    for attempt in (1, 2, 3):
        try:
            return call()
        except NotCharged as error:
            if attempt == 3 or not budget.take():
                raise
            sleep(max(0.1 * 2 ** (attempt - 1), error.retry_after_s))


@wrong("and its ceiling is")
def one_doubling_too_many(call, budget, sleep):
    for attempt in (1, 2, 3):
        try:
            return call()
        except NotCharged as error:
            if attempt == 3 or not budget.take():
                raise
            sleep(pause(attempt + 1, error))


@wrong("never comes near its ceiling")
def no_doubling(call, budget, sleep):
    for attempt in (1, 2, 3):
        try:
            return call()
        except NotCharged as error:
            if attempt == 3 or not budget.take():
                raise
            sleep(pause(1, error))


@wrong("AttributeError", status="your code raised")
def a_name_that_is_not_there(call, budget, sleep):
    for attempt in (1, 2, 3):
        try:
            return call()
        except NotCharged as error:
            if attempt == 3 or not budget.withdraw():
                raise
            sleep(pause(attempt, error))


@right
def by_recursion(call, budget, sleep, attempt=1):
    try:
        return call()
    except NotCharged as error:
        if attempt == 3 or not budget.take():
            raise
        sleep(pause(attempt, error))
    return by_recursion(call, budget, sleep, attempt + 1)


@right
def with_a_while(call, budget, sleep):
    left, ceiling_s = 2, 0.1
    while True:
        try:
            return call()
        except NotCharged as refused:
            again = left > 0 and budget.take()
            if not again:
                raise refused from None
            wait_s = max(refused.retry_after_s, random.random() * ceiling_s)
        sleep(wait_s)
        left, ceiling_s = left - 1, 2 * ceiling_s


@wrong("is never short")
def waits_half_at_least(call, budget, sleep):
    for attempt in range(1, 4):
        try:
            return call()
        except NotCharged as error:
            if attempt == 3 or not budget.take():
                raise
            ceiling_s = 0.1 * attempt
            sleep(max(random.uniform(ceiling_s / 2, ceiling_s), error.retry_after_s))


@wrong("another error comes out than the call raised")
def gives_up_in_its_own_words(call, budget, sleep):
    for attempt in range(1, 4):
        try:
            return call()
        except NotCharged as error:
            if attempt == 3 or not budget.take():
                break
            sleep(max(random.uniform(0, 0.1 * attempt), error.retry_after_s))
    raise NotCharged("gave up")


@wrong("with the answer None, and it is called again")
def wants_a_true_answer(call, budget, sleep):
    for attempt in range(1, 4):
        try:
            if answer := call():
                return answer
        except NotCharged as error:
            if attempt == 3 or not budget.take():
                raise
            sleep(max(random.uniform(0, 0.1 * attempt), error.retry_after_s))


@wrong("sleeps all the same")
def sleeps_before_it_asks(call, budget, sleep):
    for attempt in range(1, 4):
        try:
            return call()
        except NotCharged as error:
            if attempt == 3:
                raise
            sleep(max(random.uniform(0, 0.1 * attempt), error.retry_after_s))
            if not budget.take():
                raise


@wrong("a mistake of our own, and it is tried again")
def retries_mistakes(call, budget, sleep):
    for attempt in range(1, 4):
        try:
            return call()
        except Unknown:
            raise
        except Exception as error:
            if attempt == 3 or not budget.take():
                raise
            wait_s = random.uniform(0, 0.1 * attempt)
            sleep(max(wait_s, getattr(error, "retry_after_s", 0)))


def ours(call, budget, sleep, wait_s):
    for attempt in range(1, 4):
        try:
            return call()
        except NotCharged as error:
            if attempt == 3 or not budget.take():
                raise
            sleep(wait_s(0.1 * attempt, error.retry_after_s))


@wrong("Retry-After: 7, and it waits for 21")
def waits_three_times_as_long(call, budget, sleep):
    return ours(
        call, budget, sleep, lambda most, after: 3 * after + random.uniform(0, most)
    )


@wrong("of forty waits none is longer")
def one_wait_or_the_other(call, budget, sleep):
    return ours(
        call, budget, sleep, lambda most, after: after or random.uniform(0, most)
    )


@right
def one_wait_and_the_other(call, budget, sleep):
    """A little later than it must, and never at the same moment as others."""
    return ours(
        call, budget, sleep, lambda most, after: after + random.uniform(0, most)
    )


@wrong("what comes out is not the last error")
def raises_the_first_error(call, budget, sleep):
    errors = []
    for attempt in range(1, 4):
        try:
            return call()
        except NotCharged as error:
            errors.append(error)
            if attempt == 3 or not budget.take():
                break
            sleep(pause(attempt, error))
    raise errors[0]
