"""How fast it is, beside the limit of the same operation in the same run: `python -m tests.bench --items 10000,100000`."""
