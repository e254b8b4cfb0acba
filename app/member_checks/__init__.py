"""Member checks: the question of the portal's other services: may this member do that?

Here: the question, for programs, and its answer. Not here: what a member holds (memberships), the
table of grants (access.policy).
"""
