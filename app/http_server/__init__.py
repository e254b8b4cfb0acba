"""The HTTP server: what it says besides pages, to browsers and to its operators.

Here: headers, compression, log lines and request IDs, health, well-known addresses, reports of
violations. Not here: what a request passes on its way (http).
"""
