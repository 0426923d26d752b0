"""The checks of lab 05: pure functions, logs replayed and upcast, and a limit."""
