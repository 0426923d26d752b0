"""A mend for ministack 1.5.33: functions of a template, from first to last.

Its CloudFormation leaves `DeadLetterConfig` and `ReservedConcurrentExecutions` aside
(https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-lambda-function.html),
though its Lambda heeds both; and when it deletes a function, the processes that ran it
stay. Here a function that is created has both, and one that is deleted takes its
processes with it.
"""

__all__ = ["install"]


def install() -> None:
    """Mend how CloudFormation creates and deletes a function."""
    from ministack.services.cloudformation import provisioners

    handlers = provisioners._RESOURCE_HANDLERS["AWS::Lambda::Function"]
    handlers["create"] = _with_all_properties(handlers["create"])
    handlers["delete"] = _with_its_processes(handlers["delete"])


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


def _with_its_processes(delete):
    def delete_function(physical_id, props):
        from ministack.core import lambda_runtime

        delete(physical_id, props)
        lambda_runtime.invalidate_worker(physical_id)

    return delete_function
