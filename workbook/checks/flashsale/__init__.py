"""The exercises of lab 14."""
