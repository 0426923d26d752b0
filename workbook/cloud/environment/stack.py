"""A SAM template deployed through CloudFormation, as `sam deploy` does it."""

import contextlib
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from botocore.client import BaseClient
from botocore.exceptions import ClientError

from ..template.reading import Template, TemplateError, parse
from .packing import pack

__all__ = ["Deployed", "deploy", "destroy", "load"]

_CAPABILITIES = ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"]
_BUCKET = "workbook-code"
_WITHIN_S = 60.0
_LOOK_EVERY_S = 0.02

Client = Callable[[str], BaseClient]


@dataclass(frozen=True)
class Deployed:
    """A stack that is complete.

    `ids` gives a resource's physical id by its logical id, `outputs` the template's
    outputs, `types` a resource's type by its logical id.
    """

    name: str
    ids: dict[str, str]
    outputs: dict[str, str]
    types: dict[str, str]


def load(template: str | Path) -> Template:
    """A template from its path, or from its text (which has more than one line).

    Of a text, a relative CodeUri is looked for in the working directory.
    """
    if isinstance(template, str) and "\n" in template:
        return Template(Path.cwd() / "template.yaml", parse(template))
    path = Path(template).resolve()
    return Template(path, parse(path.read_text(encoding="utf-8"), path.name))


def deploy(
    client: Client, template: Template, *, name: str, parameters: dict[str, Any]
) -> Deployed:
    """Package and deploy `template`, and wait until it is there.

    Raises `TemplateError` with CloudFormation's reasons when it cannot be created.
    """
    stack = f"{name}-{secrets.token_hex(4)}"
    cloudformation = client("cloudformation")
    try:
        cloudformation.create_stack(
            StackName=stack,
            TemplateBody=pack(template, _uploader(client("s3"))),
            Parameters=[
                {"ParameterKey": key, "ParameterValue": str(value)}
                for key, value in parameters.items()
            ],
            Capabilities=_CAPABILITIES,
        )
    except ClientError as error:
        raise TemplateError(error.response["Error"]["Message"]) from error
    said = _settled(cloudformation, stack)
    if said["StackStatus"] != "CREATE_COMPLETE":
        reasons = _reasons(cloudformation, stack) or said.get("StackStatusReason", "")
        destroy(client, stack)
        raise TemplateError(f"the stack was not created: {reasons}")
    return _describe(cloudformation, stack, said)


def destroy(client: Client, stack: str) -> None:
    """Delete a stack, and wait until it is gone."""
    cloudformation = client("cloudformation")
    cloudformation.delete_stack(StackName=stack)
    try:
        _settled(cloudformation, stack)
    except ClientError:  # CloudFormation forgets the name of a deleted stack
        return


def _uploader(s3: BaseClient) -> Callable[[str, bytes], str]:
    def upload(key: str, data: bytes) -> str:
        region = s3.meta.region_name
        where = {"LocationConstraint": region}
        with contextlib.suppress(s3.exceptions.BucketAlreadyOwnedByYou):
            s3.create_bucket(Bucket=_BUCKET, CreateBucketConfiguration=where)
        s3.put_object(Bucket=_BUCKET, Key=key, Body=data)
        return f"s3://{_BUCKET}/{key}"

    return upload


def _settled(cloudformation: BaseClient, stack: str) -> dict[str, Any]:
    ends_s = time.monotonic() + _WITHIN_S
    while True:
        said = cloudformation.describe_stacks(StackName=stack)["Stacks"][0]
        if not said["StackStatus"].endswith("IN_PROGRESS"):
            return said
        if time.monotonic() > ends_s:
            raise TimeoutError(
                f"the stack is {said['StackStatus']} after {_WITHIN_S} s"
            )
        threading.Event().wait(_LOOK_EVERY_S)  # sleep may move the virtual clock


def _reasons(cloudformation: BaseClient, stack: str) -> str:
    events = cloudformation.describe_stack_events(StackName=stack)["StackEvents"]
    failed = [e for e in events if e["ResourceStatus"].endswith("FAILED")]
    return "; ".join(
        f"{e['LogicalResourceId']}: {e.get('ResourceStatusReason', 'no reason given')}"
        for e in reversed(failed)
    )


def _describe(cloudformation: BaseClient, stack: str, said: dict) -> Deployed:
    pages = cloudformation.get_paginator("list_stack_resources")
    found = [
        resource
        for page in pages.paginate(StackName=stack)
        for resource in page["StackResourceSummaries"]
    ]
    return Deployed(
        stack,
        {r["LogicalResourceId"]: r["PhysicalResourceId"] for r in found},
        {o["OutputKey"]: o["OutputValue"] for o in said.get("Outputs", ())},
        {r["LogicalResourceId"]: r["ResourceType"] for r in found},
    )
