"""The checks of lab 01: what functions cost, when they pay, and whom they suit."""
