"""REST: how machines are answered, at /api/v1/…, with API keys.

Here: the gate, reading requests, refusals as JSON, the base of every API, its description and the
page that shows it.
Not here: the endpoints (each feature's api.py), keys (api_keys), who may (access.policy).
"""
