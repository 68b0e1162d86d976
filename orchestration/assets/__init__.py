"""The assets, one module a stage; each calls a job and says what came of it."""
