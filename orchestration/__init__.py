"""Dagster, thin: what runs when. The work itself is in spark_jobs, dbt_project and graph."""
