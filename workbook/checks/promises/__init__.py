"""The checks of lab 02: what a chain promises, and what a queue saves of it."""
