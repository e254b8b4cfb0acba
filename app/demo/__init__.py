"""The demo: two organizations to look around in.

Here: who is in them (demo.toml), writing them in bulk. Not here: the command (setup.cli).
"""
