"""Lambda's side of a queue: receive in tens, delete in tens."""

from typing import Any

from . import mock
from .aws import client, queue_name, queue_url

__all__ = ["RECEIVE_LIMIT", "Inbox"]

RECEIVE_LIMIT = 10  # the most that one ReceiveMessage returns


class Inbox:
    """The queue with this URL, ARN or name, as the poller sees it."""

    def __init__(self, queue: str) -> None:
        self.url = queue_url(queue)
        self.name = queue_name(queue)
        found = client("sqs").get_queue_attributes(
            QueueUrl=self.url, AttributeNames=["QueueArn"]
        )
        self.arn: str = found["Attributes"]["QueueArn"]

    def receive(self, wanted: int) -> list[dict[str, Any]]:
        """Receive up to `wanted` visible messages; none when there are none."""
        messages: list[dict[str, Any]] = []
        mock.order_groups(self.arn)
        # Looking first is far cheaper than a call that returns nothing.
        while len(messages) < wanted and mock.has_visible(self.arn):
            found = self._call(min(RECEIVE_LIMIT, wanted - len(messages)))
            if not found:
                break
            messages += found
        return messages

    def delete(self, messages: list[dict[str, Any]]) -> None:
        """Delete `messages` by their receipt handles."""
        for first in range(0, len(messages), RECEIVE_LIMIT):
            some = messages[first : first + RECEIVE_LIMIT]
            entries = [
                {"Id": str(number), "ReceiptHandle": message["ReceiptHandle"]}
                for number, message in enumerate(some)
            ]
            client("sqs").delete_message_batch(QueueUrl=self.url, Entries=entries)

    def visibility_timeout_s(self) -> int:
        """Return the queue's visibility timeout at this moment."""
        return mock.visibility_timeout_s(self.arn)

    def _call(self, count: int) -> list[dict[str, Any]]:
        if self.visibility_timeout_s() == 0:
            raise ValueError(
                "the queue's VisibilityTimeout is 0: a failed message would come again "
                "at once, for ever. Set it to six times the function's timeout"
            )
        # No long poll: under virtual time it would let the clock run to its end, and
        # the source knows by itself when to look again.
        found = client("sqs").receive_message(
            QueueUrl=self.url,
            MaxNumberOfMessages=count,
            WaitTimeSeconds=0,
            MessageSystemAttributeNames=["All"],
            MessageAttributeNames=["All"],
        )
        return found.get("Messages", [])
