"""The sample data set: the seeded script that makes `resources/sample/runs.jsonl` and its answer key, and their tests.

Holds stories (what happens in a run), the facts they are told with, and a small picture writer.
May import the standard library only; nothing of the project depends on it.
"""
