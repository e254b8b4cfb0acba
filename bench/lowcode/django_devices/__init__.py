"""Devices in Django: an application as `startapp` lays it out."""
