"""The entry for the production server: `granian --interface wsgi navigator.wsgi:application`."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from navigator import metrics_folder

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "navigator.settings")

metrics_folder.prepare(settings.VAR_DIR / "metrics")  # first: it can't be done later

application = get_wsgi_application()
