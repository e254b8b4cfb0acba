"""Refusals: why a backup is not written, or not restored.

Here: sentences. Not here: when they are raised (backup.archive, backup.saving, backup.restoring).
"""

from __future__ import annotations

from app.kernel.errors import Refusal
from app.kernel.i18n import lazy


class FileThere(Refusal):
    """A backup never writes over another file."""

    status = 409
    text = lazy("%(path)s is already there. Choose another name.")


class NotWritable(Refusal):
    """No place for the file."""

    text = lazy("The backup could not be written to %(path)s: %(reason)s. No file was left there.")


class NotABackup(Refusal):
    """Something else, or what is left of a backup."""

    status = 422
    text = lazy("%(path)s is not a whole backup of this portal: %(reason)s. Nothing was changed.")


class NotEmpty(Refusal):
    """A restore never writes over people."""

    status = 409
    text = lazy(
        "This database is not empty: it has rows in %(table)s. Restore into an empty database:"
        " set DATABASE_URL (SQLite: INSTANCE_PATH) to a new one. Nothing was changed."
    )


class UnknownVersion(Refusal):
    """Written by a later version, or by another product."""

    status = 422
    text = lazy(
        "The backup comes from version %(revision)s of the tables of %(name)s, which this"
        " installation does not know. Install the version that wrote it (%(version)s) or a newer"
        " one. Nothing was changed."
    )


class OtherKey(Refusal):
    """Encrypted secrets could not be read, and the log not be checked."""

    status = 422
    text = lazy(
        "The backup belongs to another SECRET_KEY (%(key)s) than this installation’s. Set the"
        " SECRET_KEY of that time, or add it to SECRET_KEY_FALLBACKS. If it is lost, use"
        " --without-key: authenticator apps must then be set up again, and the signatures of the"
        " activity log cannot be checked. Nothing was changed."
    )


class PackageMissing(Refusal):
    """Rows of a package that this application does not have."""

    status = 422
    text = lazy(
        "The backup has tables of %(package)s. Run: flask --app %(package)s portal restore."
        " Nothing was changed."
    )


class RowsUnfit(Refusal):
    """What one database takes, another may not."""

    status = 422
    text = lazy(
        "The rows of %(table)s do not fit into this database: %(reason)s. Nothing was kept."
    )
