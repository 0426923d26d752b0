"""The checks of lab 12: environments, mocks, contracts and templates."""
