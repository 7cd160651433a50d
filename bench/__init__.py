"""Benchmarks: how fast, how late and how large ingest is, each figure beside its baseline of the same run."""
