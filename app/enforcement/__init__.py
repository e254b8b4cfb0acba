"""Enforcement: an organization's 2-step rule among its members.

Here: who is missing, who is excepted until when, who is reminded. Not here: the rule itself
(access.two_factor), switching it on (organizations), setting a second factor up (profile).
"""
