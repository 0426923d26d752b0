"""The event sources' own clients: Lambda's pollers, not the learner's code.

They are told apart by `USER_AGENT`, so that whoever injects faults or counts the
calls of a handler can leave them alone.
"""

import os
from functools import cache
from typing import Any

import boto3
from botocore.config import Config

__all__ = ["ACCOUNT", "USER_AGENT", "client", "queue_name", "queue_url", "region"]

ACCOUNT = "123456789012"  # the account that moto pretends to be
USER_AGENT = "workbook-event-source"


def region() -> str:
    """Return the region in use, as the environment says."""
    return os.environ.get("AWS_DEFAULT_REGION", "ap-northeast-1")


def client(service: str) -> Any:
    """Return a boto3 client of ours for `service`, made once a region."""
    return _client(service, region())


@cache
def _client(service: str, region_name: str) -> Any:
    # A session of its own: hooks set on the default session do not reach it.
    session = boto3.session.Session(region_name=region_name)
    return session.client(service, config=Config(user_agent_extra=USER_AGENT))


def queue_name(queue: str) -> str:
    """Return the name at the end of a queue's URL or ARN."""
    return queue.replace("/", ":").split(":")[-1]


def queue_url(queue: str) -> str:
    """Return the URL of the queue with this URL, ARN or name."""
    found = client("sqs").get_queue_url(QueueName=queue_name(queue))
    return found["QueueUrl"]
