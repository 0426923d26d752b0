"""The exercises of lab 06: asking seldom, losing nothing, and coming to an end."""
