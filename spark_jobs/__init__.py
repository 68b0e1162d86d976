"""The jobs that turn raw dumps into bronze and silver tables. Nothing here imports Dagster."""
