"""The published language: topics, messages and orders. Imports nothing of ours."""
