"""The Explore page in a real window."""
