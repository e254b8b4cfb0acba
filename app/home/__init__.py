"""Home: where somebody starts.

Here: `/`, an organization's home page: its numbers, its charts, what is left to do. Not here: the
pages that it leads to.
"""
