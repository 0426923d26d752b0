"""Lab 13 and its chapter: a night under watch, faults, and the lab's exercises."""
