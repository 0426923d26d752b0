"""A throw-away environment that really runs the functions, on this machine.

    with environment() as env:                       # the shop's template
        env.http().post("/orders", json={...})
        env.wait_for(lambda: ..., what="the ticket")

The template is deployed through CloudFormation, with the SAM transform, into ministack,
an emulator that runs as a child process on 127.0.0.1: each function in processes of its
own, called by queues, streams, rules and alarms. Handlers and template are unchanged.
The code is uploaded to the emulator's S3 as `sam package` does (see `packing`); what
the shop needs beyond the emulator's own abilities is mended in its process (see
`inside/mends.py`).

All environments of a process share one emulator, each with a stack of its own. It is
gone when the last one is closed, and when this process ends, however it ends.

`local_cloud()` and an environment may be used in one kernel: moto answers for AWS's
host names only, and the environment's clients talk to loopback. But `boto3.client(...)`
in a cell is the local cloud's: take `env.client(...)`. The environment runs in real
time, even while the local cloud's clock stands still in 2018.

Everything that knows ministack is in this package.
"""

from .emulator import Emulator
from .environments import Environment
from .errors import EnvironmentUnavailable, FunctionError
from .opening import environment

__all__ = [
    "Emulator",
    "Environment",
    "EnvironmentUnavailable",
    "FunctionError",
    "environment",
]
