"""Devices in Django: the model."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Organization(models.Model):
    name = models.CharField(max_length=64)


class Member(models.Model):
    organization = models.ForeignKey(Organization, models.CASCADE)
    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.SET_NULL, null=True)
    name = models.CharField(max_length=64)

    def __str__(self) -> str:
        return self.name


# counted from here


class Device(models.Model):
    organization = models.ForeignKey(Organization, models.CASCADE, editable=False)
    name = models.CharField(max_length=64)
    serial = models.CharField(max_length=40)
    kind = models.CharField(max_length=40, choices={"laptop": "Laptop", "phone": "Phone"})
    holder = models.ForeignKey(Member, models.SET_NULL, null=True, blank=True)
    lent_on = models.DateField(null=True, blank=True)
    returned = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "serial"], name="serial")]

    def __str__(self) -> str:
        return self.name
