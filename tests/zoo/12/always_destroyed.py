"""Answers to 12.1-always-destroyed."""

import contextlib
import uuid

from tests.zoo import right, wrong
from workbook.checks.lab12 import DeployFailed, Throttled


def new_name():
    return f"zoo-{uuid.uuid4()}"


def deployed(region, name):
    region.create(name)
    region.wait_until_complete(name)


def deleted(region, name):
    for attempt in range(1, 6):
        try:
            return region.delete(name)
        except Throttled:
            if attempt == 5:
                raise
            region.wait()


@wrong("The test fails, and the stack is still there")
def without_finally(region):
    name = new_name()
    deployed(region, name)
    yield name
    deleted(region, name)


@wrong("`create` breaks halfway, and what was created stays")
def try_after_the_deployment(region):
    name = new_name()
    deployed(region, name)
    try:
        yield name
    finally:
        deleted(region, name)


@wrong("The deployment fails, and what was created stays")
def try_after_create(region):
    name = new_name()
    try:
        region.create(name)
    except Exception:
        deleted(region, name)
        raise
    region.wait_until_complete(name)
    try:
        yield name
    finally:
        deleted(region, name)


@wrong("The test is interrupted, and the stack is still there")
def only_for_exceptions(region):
    name = new_name()
    try:
        deployed(region, name)
        yield name
    except Exception:
        deleted(region, name)
        raise
    deleted(region, name)


@wrong("You stop a deployment, and what was created stays")
def stopped_while_it_waits(region):
    name = new_name()
    try:
        deployed(region, name)
    except Exception:
        deleted(region, name)
        raise
    try:
        yield name
    finally:
        deleted(region, name)


@wrong("The test fails, and that does not come out as it was raised")
def swallows_the_failure(region):
    name = new_name()
    try:
        deployed(region, name)
        yield name
    except Exception as error:
        print(error)
    finally:
        deleted(region, name)


@wrong(
    "The test fails, and that does not come out as it was raised",
    same_as="swallows_the_failure",
)
def returns_from_finally(region):
    name = new_name()
    try:
        deployed(region, name)
        yield name
    finally:
        return deleted(region, name)  # noqa: B012


@wrong("Two of them at once meet")
def always_the_same_name(region):
    try:
        deployed(region, "test-stack")
        yield "test-stack"
    finally:
        deleted(region, "test-stack")


@wrong("The test begins before the stack is complete")
def does_not_wait(region):
    name = new_name()
    try:
        region.create(name)
        yield name
    finally:
        deleted(region, name)


@wrong("The deployment fails, and the test runs all the same")
def tests_what_there_is(region):
    name = new_name()
    try:
        with contextlib.suppress(DeployFailed):
            deployed(region, name)
        yield name
    finally:
        deleted(region, name)


@wrong("the third time it would work")
def deletes_once(region):
    name = new_name()
    try:
        deployed(region, name)
        yield name
    finally:
        region.delete(name)


@wrong("it asks again at once")
def impatient(region):
    name = new_name()
    try:
        deployed(region, name)
        yield name
    finally:
        for attempt in range(1, 6):
            try:
                region.delete(name)
                break
            except Throttled:
                if attempt == 5:
                    raise


@wrong("and nobody hears of it")
def gives_up_in_silence(region):
    name = new_name()
    try:
        deployed(region, name)
        yield name
    finally:
        for _ in range(5):
            with contextlib.suppress(Throttled):
                region.delete(name)
                break
            region.wait()


@wrong("A good day, and the stack is still there afterwards")
def never_deletes(region):
    name = new_name()
    deployed(region, name)
    yield name


@wrong("It deletes a stack that is not its own")
def cleans_up_everything(region):
    name = new_name()
    try:
        deployed(region, name)
        yield name
    finally:
        for stack in list(region.stacks):
            deleted(region, stack)


@wrong("It returns, and does not yield")
def returns_the_name(region):
    name = new_name()
    deployed(region, name)
    return name


@wrong("It does not yield exactly once")
def yields_twice(region):
    for _ in range(2):
        name = new_name()
        try:
            deployed(region, name)
            yield name
        finally:
            deleted(region, name)


@wrong("It yields None")
def yields_nothing(region):
    name = new_name()
    try:
        deployed(region, name)
        yield
    finally:
        deleted(region, name)


@wrong("AttributeError", status="your code raised")
def a_name_that_is_not_there(region):
    name = new_name()
    try:
        region.deploy(name)
        yield name
    finally:
        deleted(region, name)


@wrong("and tried 3 times")
def three_tries(region):
    name = new_name()
    try:
        deployed(region, name)
        yield name
    finally:
        for attempt in (1, 2, 3):
            try:
                region.delete(name)
                break
            except Throttled:
                if attempt == 3:
                    raise
                region.wait()


@wrong("The test fails, and then `delete` is throttled twice")
def patient_on_good_days_alone(region):
    name = new_name()
    try:
        deployed(region, name)
        yield name
    except BaseException:
        region.delete(name)
        raise
    deleted(region, name)


@wrong("`create` breaks halfway, and then `delete` is throttled twice")
def patient_after_the_test_alone(region):
    name = new_name()
    try:
        deployed(region, name)
    except BaseException:
        region.delete(name)
        raise
    try:
        yield name
    finally:
        deleted(region, name)


@right
class AsAClass:
    def __init__(self, region):
        self.region, self.name = region, new_name()

    def __enter__(self):
        try:
            deployed(self.region, self.name)
        except BaseException:
            deleted(self.region, self.name)
            raise
        return self.name

    def __exit__(self, *error):
        deleted(self.region, self.name)


@right
@contextlib.contextmanager
def with_an_exit_stack(region):
    name = new_name()
    with contextlib.ExitStack() as stack:
        stack.callback(deleted, region, name)
        deployed(region, name)
        yield name
