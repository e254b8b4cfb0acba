"""Imports: people from a file, checked before anything is changed (S2-20…S2-25, D-C6)."""
