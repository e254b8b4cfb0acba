"""Model views: a screen made of a model and a view of a dozen lines, in Flask-AppBuilder's words.

Here: what follows from them: kinds of columns, forms, lists, filters, search, verbs, lines of the
log, undo, REST and files. Not here: any feature; what an integrator imports of it (app.extend).
"""
