"""Faults on purpose: what can go wrong between a handler and the cloud."""

__all__ = ["Crash"]


class Crash(BaseException):
    """The process was killed here. No `except Exception` catches it."""
