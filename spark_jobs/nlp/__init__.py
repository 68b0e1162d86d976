"""What a text says: plain functions on strings and models behind them, without Spark."""
