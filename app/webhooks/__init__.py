"""Webhooks: other programs are told what happens in an organization, as soon as it happens.

Here: where to, what is sent, signing, sending it until it arrives. Not here: what happens
(activity), how another server is asked (kernel.outgoing).
"""
