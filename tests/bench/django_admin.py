"""Django's admin and REST framework over a table of tasks, as their tutorials set them up, to run web.rs
against.

python3 -m venv /tmp/django && /tmp/django/bin/pip install django djangorestframework gunicorn 'psycopg[binary]'
ELT_BENCH_PYTHON=/tmp/django/bin/python cargo bench --bench web
"""

import os
import sys

import django
from django.apps import AppConfig
from django.conf import settings
from psycopg.conninfo import conninfo_to_dict

database = conninfo_to_dict(os.environ["DATABASE_URL"])
settings.configure(
    SECRET_KEY=os.urandom(32).hex() if len(sys.argv) > 1 and sys.argv[1] == "setup" else os.environ["SECRET"],
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    USE_TZ=True,
    STATIC_URL="/static/",
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    INSTALLED_APPS=[
        "django.contrib.admin",
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.messages",
        "django.contrib.sessions",
        "rest_framework",
        f"{__name__}.Bench",
    ],
    MIDDLEWARE=[
        "django.middleware.security.SecurityMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
    ],
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "APP_DIRS": True,
            "OPTIONS": {
                "context_processors": [
                    "django.template.context_processors.request",
                    "django.contrib.auth.context_processors.auth",
                    "django.contrib.messages.context_processors.messages",
                ]
            },
        }
    ],
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": "django",
            "USER": database["user"],
            "HOST": database["host"],
            "CONN_MAX_AGE": None,
        }
    },
    REST_FRAMEWORK={
        "DEFAULT_PAGINATION_CLASS": "rest_framework.pagination.PageNumberPagination",
        "PAGE_SIZE": 100,
        "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
        "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.DjangoModelPermissions"],
        "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    },
)


class Bench(AppConfig):
    name = __name__
    label = "bench"
    path = os.path.dirname(os.path.abspath(__file__))


django.setup()

from django.contrib import admin  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db import models  # noqa: E402
from django.urls import include, path  # noqa: E402
from rest_framework import routers, serializers, viewsets  # noqa: E402


class Task(models.Model):
    name = models.CharField(max_length=200)
    start_time = models.DateTimeField()
    end_time = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        app_label = "bench"

    def __str__(self):
        return self.name


@admin.register(Task)
class TaskAdmin(admin.ModelAdmin):
    list_display = ["name", "start_time", "end_time", "created_at", "updated_at"]
    list_filter = ["start_time", "end_time", "created_at"]
    list_per_page = 50
    search_fields = ["name"]
    date_hierarchy = "start_time"
    ordering = ["-start_time"]
    readonly_fields = ["created_at", "updated_at"]


class TaskSerializer(serializers.ModelSerializer):
    class Meta:
        model = Task
        fields = "__all__"


class TaskViewSet(viewsets.ModelViewSet):
    queryset = Task.objects.order_by("id")
    serializer_class = TaskSerializer


router = routers.DefaultRouter()
router.register("tasks", TaskViewSet)
urlpatterns = [path("admin/", admin.site.urls), path("api/", include(router.urls))]
application = get_wsgi_application()

if __name__ == "__main__":
    from django.contrib.auth import get_user_model
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    with connection.schema_editor() as editor:
        editor.create_model(Task)
    get_user_model().objects.create_superuser("ann", password=sys.argv[2])
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into bench_task (name, start_time, created_at, updated_at) "
            "select 'task ' || n, timestamptz '2026-01-01' + n * interval '1 hour', now(), now() "
            "from generate_series(1, %s) as n",
            [int(sys.argv[3])],
        )
        cursor.execute("vacuum analyze bench_task")
