"""Fences: what keeps a submission from the machine, and the machine from it."""
