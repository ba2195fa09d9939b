"""The two commands of README.md, what they ask of the system, and the wheel."""
