"""Lab 12: a fixture that cleans up, a bug that hides, a contract, a lint."""

from workbook.checks.testing import contracts, destroying, hidden, linting
from workbook.checks.testing.contracts import DECLINED_CARD, Payment
from workbook.checks.testing.hidden import apart, together
from workbook.checks.testing.region import DeployFailed, Region, Throttled
from workbook.learn import Exercise, Lab, Question

__all__ = [
    "DECLINED_CARD",
    "DeployFailed",
    "Payment",
    "Region",
    "Throttled",
    "apart",
    "lab",
    "together",
]

_FIXTURE = Exercise(
    id="12.1-always-destroyed",
    title="Always destroyed",
    minutes=12,
    lines=14,
    hints=(
        "What must happen whatever happens stands in a `finally`. Where does its `try` "
        "have to begin, if `create` itself may leave something behind?",
        "Choose the name, then `try:`, then create, wait until it is complete, and "
        "`yield`; `finally:` delete. Catch nothing but `Throttled`, round the delete.",
        "In the `finally`: `for attempt in range(1, 6):`, `try: region.delete(name)` "
        "and `break`; `except Throttled:` `if attempt == 5: raise`, else "
        "`region.wait()`. The name: `f'test-{uuid.uuid4()}'`.",
    ),
    why=Question(
        "`finally` does not run when the machine loses its power. What cleans up then?",
        answer="Somebody else, later: stacks carry a tag or a name with the time of "
        "their making, and a job deletes every test stack older than an hour. So the "
        "fixture is for the usual end, and the sweeper for all others.",
    ),
    check=destroying.check,
)

_HIDDEN = Exercise(
    id="12.2-hidden-bug",
    title="The bug that the mock hides",
    minutes=10,
    lines=14,
    hints=(
        "Which of its variables would a second process not have? Whatever is to "
        "outlive a call has to stand in the table.",
        "Two items: one that counts (`ADD` adds and reads in one call), and one for "
        "each order with its number, which the first writer alone may write.",
        "`update_item(Key={'id': 'counter'}, UpdateExpression='ADD n :one', "
        "ExpressionAttributeValues={':one': 1}, ReturnValues='UPDATED_NEW')`; then "
        "`put_item(..., ConditionExpression='attribute_not_exists(id)')`; when that is "
        "refused, `get_item(Key={'id': order_id}, ConsistentRead=True)` knows it.",
    ),
    why=Question(
        "Why did the tests of the first version pass, and will they on AWS, sometimes?",
        answer="One process served all orders, as in a test. On AWS it often does, "
        "too: while few orders come, one environment takes them all. It fails when a "
        "second one starts, which is when many come at once, or after a deployment.",
    ),
    check=hidden.check,
)

_CONTRACT = Exercise(
    id="12.3-contract",
    title="A contract with a provider",
    minutes=10,
    lines=14,
    hints=(
        "Take the sentences one after another, and write an `assert` for each. The "
        "books decide about money, `find` about words.",
        "A helper helps: the outcome that `find` gives, asked up to five times while "
        "it is `pending`. Only a `repeatable` provider is charged twice for an order.",
        "`find('a')` is None; charge a and b, 3200 each; `account.taken_yen()` is "
        "`{'a': 3200, 'b': 3200}`; both are captured. Charge c with `DECLINED_CARD`: "
        "the books are the same, and c is declined. `if provider.repeatable:` charge a "
        "again: the books are the same.",
    ),
    why=Question(
        "The provider has a sandbox of its own. Why not mock it, once the test is "
        "green?",
        answer="A mock is green for as long as we do not change it. The provider "
        "changes without us. Run the contract on the real sandbox every night, and "
        "keep mocks for the tests that must be quick.",
    ),
    check=contracts.check,
)

_LINT = Exercise(
    id="12.4-template-lint",
    title="A lint of three rules",
    minutes=8,
    lines=16,
    hints=(
        "For the two rules about queues go through the functions, their Events of type "
        "SQS, and the queue that each names. A queue that feeds nobody is never met.",
        "`event['Properties']['Queue']` is `{'Fn::GetAtt': ['Orders', 'Arn']}`. What a "
        "template does not say has a default: `properties.get('Timeout', 3)`.",
        "A policy may have no Statement: `policy.get('Statement', [])`. Statement and "
        "Action may each be one or a list: make a list of both, keep the statements "
        "whose Effect is Allow, and look for `'*' in action`.",
    ),
    why=Question(
        "A wildcard in a Resource is allowed by these rules. When is it harmless?",
        answer="Where the part before the star names what is ours, as in all indexes "
        "of one table, or all objects of one bucket. `Resource: '*'` is everybody's, "
        "and deserves a rule of its own.",
    ),
    check=linting.check,
)

lab = Lab(
    "12-mocks-and-environments",
    [_FIXTURE, _HIDDEN, _CONTRACT, _LINT],
    title="Mocks and environments",
)
