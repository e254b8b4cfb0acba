"""Service accounts: members that are no people and only hold API keys.

Here: making one, issuing its keys, the keys that a member's page shows. Not here: keys themselves
(api_keys), suspending and removing, which are any member's (memberships).
"""
