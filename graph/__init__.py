"""The customer graph: a Neo4j server, what is loaded into it, and the questions asked of it.

Usable without the orchestration: every function takes its settings as arguments.
"""
