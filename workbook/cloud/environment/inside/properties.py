"""A mend for ministack 1.5.33: two properties of a function in a template.

Its CloudFormation leaves `DeadLetterConfig` and `ReservedConcurrentExecutions` aside
(https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-lambda-function.html),
though its Lambda heeds both. Here a function that is created has them.
"""

__all__ = ["install"]


def install() -> None:
    """Let CloudFormation hand the two properties on."""
    from ministack.services.cloudformation import provisioners

    handlers = provisioners._RESOURCE_HANDLERS["AWS::Lambda::Function"]
    handlers["create"] = _with_all_properties(handlers["create"])


def _with_all_properties(create):
    def create_function(logical_id, props, stack_name):
        from ministack.services import lambda_svc

        name, attributes = create(logical_id, props, stack_name)
        function = lambda_svc._functions[name]
        if "DeadLetterConfig" in props:
            function["config"]["DeadLetterConfig"] = props["DeadLetterConfig"]
        if "ReservedConcurrentExecutions" in props:
            function["concurrency"] = int(props["ReservedConcurrentExecutions"])
        return name, attributes

    return create_function
