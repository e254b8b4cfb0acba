"""Scaffold: files that the portal writes into an integrator's package, for people to go on with.

Here: a new screen, the next migration. Not here: what they are read by (model_views, packages).
"""
