"""Languages: which there are, which one a request is answered in, and the translators' commands.

Here: catalogues and the language of a request. Not here: sentences, the words for code
(kernel.i18n).
"""
