"""What runs in the emulator's own process: see `__main__`."""
