"""Checks of lab 03: crash points, functions cut apart, and calls that nobody makes."""
