"""A mend for ministack 1.5.33: AppSync Event APIs in a template.

Ministack serves Event APIs, and lets its own API create them; CloudFormation's resource
types for them it does not know. What they return is as documented
(https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-appsync-api.html,
aws-resource-appsync-channelnamespace.html and aws-resource-appsync-apikey.html). A key
of a GraphQL API is made as before.
"""

import json

__all__ = ["install"]


def install() -> None:
    """Let CloudFormation create and delete an Event API, its namespaces and keys."""
    from ministack.services.cloudformation import provisioners

    handlers = provisioners._RESOURCE_HANDLERS
    handlers["AWS::AppSync::Api"] = {"create": _api, "delete": _delete_api}
    handlers["AWS::AppSync::ChannelNamespace"] = {
        "create": _namespace,
        "delete": lambda physical_id, props: None,  # it goes with its API
    }
    key = handlers["AWS::AppSync::ApiKey"]
    key["create"] = _key_or(key["create"])
    key["delete"] = _no_key_or(key["delete"])


def _api(logical_id, props, stack_name):
    from ministack.services import appsync_events as service

    api = _body(
        service._create_api(
            {"name": props["Name"], "eventConfig": _as_in_the_api(props["EventConfig"])}
        )
    )["api"]
    dns = api["dns"]
    return api["apiArn"], {
        "ApiArn": api["apiArn"],
        "ApiId": api["apiId"],
        "Dns.Http": dns["HTTP"],
        "Dns.Realtime": dns["REALTIME"],
    }


def _delete_api(physical_id, props):
    from ministack.services import appsync_events as service

    service._delete_api(physical_id.rsplit("/", 1)[1])


def _namespace(logical_id, props, stack_name):
    from ministack.services import appsync_events as service

    said = service._create_channel_namespace(props["ApiId"], {"name": props["Name"]})
    arn = _body(said)["channelNamespace"]["channelNamespaceArn"]
    return arn, {"ChannelNamespaceArn": arn}


def _key_or(create):
    def create_key(logical_id, props, stack_name):
        from ministack.services import appsync_events as service

        if props.get("ApiId") not in service._apis:
            return create(logical_id, props, stack_name)
        key = _body(service._create_api_key(props["ApiId"], {}))["apiKey"]["id"]
        return key, {"ApiKey": key, "ApiKeyId": key}

    return create_key


def _no_key_or(delete):
    def delete_key(physical_id, props):
        from ministack.services import appsync_events as service

        if props.get("ApiId") in service._apis:
            service._delete_api_key(props["ApiId"], physical_id)
        else:
            delete(physical_id, props)

    return delete_key


def _as_in_the_api(said):
    """Names as the API has them: `authProviders` for `AuthProviders`."""
    if isinstance(said, dict):
        return {k[:1].lower() + k[1:]: _as_in_the_api(v) for k, v in said.items()}
    if isinstance(said, list):
        return [_as_in_the_api(one) for one in said]
    return said


def _body(response):
    """What a handler of the emulator answered; its error, if it is one."""
    status, _, body = response
    if status >= 300:  # noqa: PLR2004 - not a success
        raise ValueError(body.decode() if isinstance(body, bytes) else str(body))
    return json.loads(body)
