"""Benchmarks: figures with ratios beside absolutes. They are not tests."""
