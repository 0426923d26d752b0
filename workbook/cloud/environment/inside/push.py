"""A mend for ministack 1.5.33: AppSync Events in a template.

The emulator serves AppSync Events over WebSocket, and lets a client make an API, its
channel namespaces and its keys; CloudFormation does not know them there. Here
`AWS::AppSync::Api` and `AWS::AppSync::ChannelNamespace` are made through the emulator's
own API, and `AWS::AppSync::ApiKey` finds the one or the other kind of API
(https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-appsync-api.html,
read 2026-11-29).
"""

import json

__all__ = ["install"]


def install() -> None:
    """Let CloudFormation make these resources."""
    from ministack.services.cloudformation import provisioners

    handlers = provisioners._RESOURCE_HANDLERS
    handlers["AWS::AppSync::Api"] = {"create": _api, "delete": _delete_api}
    handlers["AWS::AppSync::ChannelNamespace"] = {
        "create": _namespace,
        "delete": _delete_namespace,
    }
    keys = handlers["AWS::AppSync::ApiKey"]
    keys["create"] = _key_or(keys["create"])


def _api(logical_id, props, stack_name):
    from ministack.services import appsync_events as events

    made = _made(events._create_api(_body(props)))["api"]
    dns, id_, arn = made["dns"], made["apiId"], made["apiArn"]
    return arn, {"ApiId": id_, "ApiArn": arn,
                 "Dns.Http": dns["HTTP"], "Dns.Realtime": dns["REALTIME"]}  # fmt: skip


def _delete_api(physical_id, props):
    from ministack.services import appsync_events as events

    events._delete_api(physical_id.rsplit("/", 1)[1])


def _namespace(logical_id, props, stack_name):
    from ministack.services import appsync_events as events

    answer = events._create_channel_namespace(props["ApiId"], _body(props))
    arn = _made(answer)["channelNamespace"]["channelNamespaceArn"]
    return arn, {"ChannelNamespaceArn": arn}


def _delete_namespace(physical_id, props):
    from ministack.services import appsync_events as events

    events._delete_channel_namespace(props["ApiId"], props["Name"])


def _key_or(create):
    def create_key(logical_id, props, stack_name):
        from ministack.services import appsync_events as events

        if props.get("ApiId") not in events._apis:
            return create(logical_id, props, stack_name)
        made = _made(events._create_api_key(props["ApiId"], _body(props)))["apiKey"]
        return made["id"], {"ApiKey": made["id"], "ApiKeyId": made["id"]}

    return create_key


def _made(answer):
    """What the emulator's API answered; a refusal fails the resource."""
    status, _, body = answer
    if status >= 300:
        raise ValueError(json.loads(body).get("message", body))
    return json.loads(body)


def _body(props) -> bytes:
    """A resource's properties as the API's request has them: other capitals."""
    return json.dumps(_uncapitalised(props)).encode()


def _uncapitalised(value):
    if isinstance(value, dict):
        return {k[:1].lower() + k[1:]: _uncapitalised(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_uncapitalised(entry) for entry in value]
    return value
