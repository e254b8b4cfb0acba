"""Search index: rows found by words, however many rows there are and however words are written.

Here: what the index keeps of a row (entries), writing it with the row (writing), asking it
(finding), what each database needs for it (schema). Not here: which lists are searched.
"""
