"""An organization's rule on 2-step verification, among its members.

Here: who is missing, who is excepted until when, who is reminded. Not here: the rule itself
(access.two_factor), switching it on (organizations), setting a second factor up (profile).
"""
