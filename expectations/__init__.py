"""The gates: Great Expectations suites, and what they say of a stage before it is let through."""
