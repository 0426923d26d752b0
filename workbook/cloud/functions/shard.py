"""Read a table's stream, shard by shard: moto keeps exactly one."""

from typing import Any

from . import mock
from .aws import client
from .record import changes_nothing, to_record

__all__ = ["Shard"]


class Shard:
    """The one shard of the stream of `table`, read from `starting_position` on.

    Raises ``ValueError`` when the table has no stream.
    """

    def __init__(self, table: str, starting_position: str) -> None:
        self.table = table
        self.stream_arn = _stream_arn(table)
        streams = client("dynamodbstreams")
        stream = streams.describe_stream(StreamArn=self.stream_arn)
        self.shard_id = stream["StreamDescription"]["Shards"][0]["ShardId"]
        self._iterator = streams.get_shard_iterator(
            StreamArn=self.stream_arn,
            ShardId=self.shard_id,
            ShardIteratorType=starting_position,
        )["ShardIterator"]
        latest = starting_position == "LATEST"
        self._position = mock.stream_length(table) if latest else 0

    def unread(self) -> int:
        """Return how many records wait in the stream."""
        return mock.stream_length(self.table) - self._position

    def read(self) -> list[dict[str, Any]]:
        """Return what is new, oldest first, in the shape of the event."""
        records: list[dict[str, Any]] = []
        while self.unread():
            found = client("dynamodbstreams").get_records(ShardIterator=self._iterator)
            self._iterator = found["NextShardIterator"]
            self._position += len(found["Records"])
            records += [
                to_record(raw, self.stream_arn)
                for raw in found["Records"]
                if not changes_nothing(raw)
            ]
        return records


def _stream_arn(table: str) -> str:
    described = client("dynamodb").describe_table(TableName=table)["Table"]
    if "LatestStreamArn" not in described:
        raise ValueError(
            f"the table {table} has no stream: create it with StreamSpecification="
            "{'StreamEnabled': True, 'StreamViewType': 'NEW_AND_OLD_IMAGES'}"
        )
    return described["LatestStreamArn"]
