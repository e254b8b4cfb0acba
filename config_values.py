"""Values: whether a setting can be used, one sentence for the operator where it cannot.

Here: numbers, folders, addresses, what must be safe off this machine. Not here: which settings
there are (config).
"""

from __future__ import annotations

from collections.abc import Mapping
from email.errors import MessageError
from email.headerregistry import Address
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

IpNetwork = IPv4Network | IPv6Network
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
TRUE = frozenset({"1", "true", "yes", "on"})
SHORTEST_SECRET = 32
"""Characters of a SECRET_KEY that nobody guesses."""


class SettingError(SystemExit):
    """A setting the portal cannot start with; its text is one sentence for the operator."""


def whole(env: Mapping[str, str], name: str, default: int) -> int:
    """Return a whole number."""
    value = env.get(name, "").strip()
    if not value:
        return default
    if not (value.isascii() and value.isdigit()):
        raise SettingError(f"{name} must be a whole number, not {value!r}.")
    return int(value)


def truth(env: Mapping[str, str], name: str) -> bool:
    """Return whether something is switched on."""
    return env.get(name, "").strip().lower() in TRUE


def networks(env: Mapping[str, str], name: str) -> tuple[IpNetwork, ...]:
    """Return networks, written one after the other."""
    try:
        return tuple(map(ip_network, env.get(name, "").replace(",", " ").split()))
    except ValueError as error:
        raise SettingError(
            f"{name} must name networks, such as 10.0.0.0/8 or fd00::/8: {error}."
        ) from None


def made_folder(path: Path) -> Path:
    """Return the instance folder; make it for its owner only where it is not there: letters that
    wait in it hold links and codes.
    """
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        (path / ".writable").touch(mode=0o600)
        (path / ".writable").unlink(missing_ok=True)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise SettingError(
            f"INSTANCE_PATH must name a folder that the portal may write into, not {str(path)!r}"
            f" ({reason})."
        ) from None
    return path


def portal_url(value: str, mail_server: str | None) -> str:
    """Return the public address, without a slash at its end."""
    parts = _split(value.strip().rstrip("/"))
    if parts is None or parts.scheme not in {"http", "https"} or not parts.hostname or parts.path:
        raise SettingError(f"PORTAL_URL must look like https://members.example.com, not {value!r}.")
    if not parts.hostname.isascii():
        raise SettingError(
            f"PORTAL_URL must be written in ASCII, as browsers send it: {_ascii(parts.hostname)!r}"
            f" in place of {parts.hostname!r}."
        )
    if mail_server is None and parts.hostname not in LOOPBACK:
        raise SettingError(
            "PORTAL_URL is public but there is no MAIL_SERVER: set MAIL_SERVER, or keep PORTAL_URL"
            " on 127.0.0.1."
        )
    own = 443 if parts.scheme == "https" else 80
    if parts.port == own:
        parts = parts._replace(netloc=parts.netloc.rpartition(":")[0])
    return parts.geturl()


def _split(address: str) -> SplitResult | None:
    """Take an address apart; None where it is none, its port included."""
    try:
        parts = urlsplit(address)
        return parts if parts.port != 0 else None
    except ValueError:
        return None


def ensure_private(address: str, secret: str, *, is_debugging: bool) -> None:
    """Raise SettingError where strangers could reach a portal whose key can be guessed, or whose
    errors show its insides.
    """
    if urlsplit(address).hostname in LOOPBACK:
        return
    if len(secret) < SHORTEST_SECRET:
        raise SettingError(
            f"SECRET_KEY has {len(secret)} characters, which can be guessed: use at least"
            f" {SHORTEST_SECRET} random ones, or leave it out and the portal makes its own."
        )
    if is_debugging:
        raise SettingError(
            "FLASK_DEBUG shows the portal's insides to whoever causes an error: unset it, or keep"
            " PORTAL_URL on 127.0.0.1."
        )


def mail_sender(value: str | None, address: str) -> str:
    """Return the sender of letters, by default the portal's own name at its host."""
    if not value or not value.strip():
        return f"meibo@{_host_of_mail(urlsplit(address).hostname or 'localhost')}"
    name, found = _name_and_address(value.strip())
    local, _at, domain = found.rpartition("@")
    if "," in name and not (name.startswith('"') and name.endswith('"')):
        plain = name.replace('"', "")
        raise SettingError(
            "MAIL_DEFAULT_SENDER has a name with a comma: put the name in quotation marks, as in"
            f' "{plain}" <{found}>.'
        )
    if domain and not domain.isascii():
        raise SettingError(
            f"MAIL_DEFAULT_SENDER must be written in ASCII after the @: {_ascii(domain)!r} in"
            f" place of {domain!r}."
        )
    if not (local and domain and _is_sendable(name.strip('"'), found)):
        raise SettingError(
            "MAIL_DEFAULT_SENDER must look like Meibo <meibo@example.com>, or"
            f" meibo@example.com, not {value!r}."
        )
    return value.strip()


def _name_and_address(value: str) -> tuple[str, str]:
    """Take “Name <address>” apart; without brackets all of it is the address."""
    name, bracket, rest = value.partition("<")
    if not bracket:
        return "", value
    return name.strip(), rest.removesuffix(">") if rest.endswith(">") else ""


def _is_sendable(name: str, address: str) -> bool:
    """Whether mail programs read this address as it is written: ASCII, without spaces."""
    try:
        parsed = Address(name, addr_spec=address)
    except (ValueError, IndexError, MessageError):
        return False
    is_plain = address.isascii() and address.isprintable() and " " not in address
    return is_plain and parsed.addr_spec == address and _has_labels(parsed.domain)


def _has_labels(domain: str) -> bool:
    return all(0 < len(label) < 64 for label in domain.split("."))


def _host_of_mail(host: str) -> str:
    """Return a host as it stands behind the @: letters on one machine come from localhost."""
    try:
        return "localhost" if ip_address(host).version == 6 else host
    except ValueError:
        return host


def _ascii(domain: str) -> str:
    """Return a domain as it travels; what has no such form, as xn--…."""
    try:
        return domain.encode("idna").decode()
    except UnicodeError:
        return "xn--…"
