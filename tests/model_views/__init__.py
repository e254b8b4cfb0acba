"""Tests of screens that are made of a model and a view."""
