"""Devices in Django: the admin's screen. `autocomplete_fields` wants an admin of members too."""

from __future__ import annotations

from django.contrib import admin

from .models import Device, Member

# counted from here


def own(request):
    return request.user.member.organization


@admin.register(Member)
class MemberAdmin(admin.ModelAdmin):
    search_fields = ["name"]

    def get_queryset(self, request):
        return super().get_queryset(request).filter(organization=own(request))


@admin.register(Device)
class DeviceAdmin(admin.ModelAdmin):
    list_display = ["name", "serial", "kind", "holder", "lent_on", "returned"]
    search_fields = ["name", "serial"]
    list_filter = ["kind", "lent_on", "returned"]
    autocomplete_fields = ["holder"]

    def get_queryset(self, request):
        return super().get_queryset(request).filter(organization=own(request))

    def formfield_for_foreignkey(self, field, request, **options):
        if field.name == "holder":
            options["queryset"] = Member.objects.filter(organization=own(request))
        return super().formfield_for_foreignkey(field, request, **options)

    def save_model(self, request, device, form, change):
        device.organization = own(request)
        super().save_model(request, device, form, change)
