"""Extensions: the objects that Flask's extensions live in, bound to an application by create_app().

Here: objects only. Not here: their settings (config), their use, Flask-AppBuilder itself
(screens.frame.builder).
"""

from flask_appbuilder.models.sqla.base import SQLA
from flask_mail import Mail
from flask_migrate import Migrate
from flask_wtf import CSRFProtect

db = SQLA()
mail = Mail()
csrf = CSRFProtect()
migrate = Migrate()
