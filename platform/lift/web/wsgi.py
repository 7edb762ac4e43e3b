"""What granian serves."""

from lift.kernel.logging import configure_logging
from lift.kernel.settings import Settings
from lift.web.app import create_app

settings = Settings()
configure_logging(as_json=settings.log_json)
application = create_app(settings)
