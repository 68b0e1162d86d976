"""The mapping language, and the mappings that ship: one YAML file for each format.

What a mapping may say is in ``language``; how records are read by one, in ``spark_jobs.adapters``.
"""
