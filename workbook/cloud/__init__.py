"""A cloud on your own machine. Importing this package puts real AWS out of reach."""

from . import clock, guard, injection, signing
from .guard import RealCloudRefused
from .local import LocalCloud, local_cloud
from .tables import create_table

__all__ = ["LocalCloud", "RealCloudRefused", "clock", "create_table", "local_cloud"]

guard.arm()
signing.install()
injection.install()
