"""A mend for ministack 1.5.33: the routes of an HTTP API that SAM writes.

SAM gives an HttpApi event's routes as an OpenAPI document in the API's `Body`
(https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-apigatewayv2-api.html
and
https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-open-api.html,
read 2026-11-29). Ministack makes the API and leaves the document aside, so that every
request is answered with 404. Here each operation becomes a route with its integration.
"""

__all__ = ["install"]

_INTEGRATION = "x-amazon-apigateway-integration"
_ANY = "x-amazon-apigateway-any-method"
_METHODS = {"get", "put", "post", "delete", "options", "head", "patch", _ANY}


def install() -> None:
    """Let CloudFormation read the document when it creates an API."""
    from ministack.services.cloudformation import provisioners

    handlers = provisioners._RESOURCE_HANDLERS["AWS::ApiGatewayV2::Api"]
    handlers["create"] = _reading_the_body(handlers["create"])


def _reading_the_body(create):
    def create_with_routes(logical_id, props, stack_name):
        api_id, attributes = create(logical_id, props, stack_name)
        for path, item in (props.get("Body") or {}).get("paths", {}).items():
            for method in _METHODS & set(item):
                _add_route(api_id, method, path, item[method])
        return api_id, attributes

    return create_with_routes


def _add_route(api_id, method, path, operation) -> None:
    from ministack.services import apigateway

    said = operation.get(_INTEGRATION)
    if not said:
        return
    integration = f"{len(apigateway._integrations[api_id]):08x}"
    apigateway._integrations[api_id][integration] = {
        "integrationId": integration,
        "integrationType": said.get("type", "aws_proxy").upper(),
        "integrationUri": said.get("uri", ""),
        "integrationMethod": said.get("httpMethod", "POST"),
        "payloadFormatVersion": said.get("payloadFormatVersion", "2.0"),
        "timeoutInMillis": said.get("timeoutInMillis", 30_000),
        "connectionType": "INTERNET",
    }
    route = f"{len(apigateway._routes[api_id]):08x}"
    apigateway._routes[api_id][route] = {
        "routeId": route,
        "routeKey": _key(method, path),
        "target": f"integrations/{integration}",
        "authorizationType": "NONE",
        "apiKeyRequired": False,
    }


def _key(method, path) -> str:
    if path == "/$default":
        return "$default"
    return f"{'ANY' if method == _ANY else method.upper()} {path}"
