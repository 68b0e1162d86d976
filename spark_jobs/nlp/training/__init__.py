"""How the small models of ``spark_jobs.nlp.models`` are made and measured.

Only these modules read training data, from a folder that the caller names.
"""
