"""What the portal takes of Flask-AppBuilder's own models: people (as Account), roles, and who has
which.

Here: which of FAB's tables are never made. Not here: our columns of ab_user (account), who may what
(access.policy), which FAB would keep in tables.
"""

from flask_appbuilder import Model
from flask_appbuilder.security.sqla.models import (
    ApiKey,
    Group,
    Permission,
    PermissionView,
    RegisterUser,
    ViewMenu,
    assoc_group_role,
    assoc_permissionview_role,
    assoc_user_group,
)

NOT_MADE = (
    assoc_permissionview_role,
    PermissionView.__table__,
    Permission.__table__,
    ViewMenu.__table__,
    assoc_user_group,
    assoc_group_role,
    Group.__table__,
    RegisterUser.__table__,
    ApiKey.__table__,
)
"""Tables that nobody reads: neither a migration nor create_all() makes what the metadata does not
have. FAB maps its classes all the same.
"""

for table in NOT_MADE:
    Model.metadata.remove(table)
for relation in (Group.users, Group.roles, ApiKey.user):
    relation.prop.backref = None  # whoever deletes an account or a role would read their tables
