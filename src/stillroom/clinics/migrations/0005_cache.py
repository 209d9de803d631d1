"""The table behind Django's cache, where all processes count tries to sign in. As `createcachetable` makes it."""

from django.db import migrations

from stillroom.clinics.rows import grant

CREATE = """
    CREATE TABLE clinics_cache (
        cache_key varchar(255) PRIMARY KEY, value text NOT NULL, expires timestamp with time zone NOT NULL
    );
    CREATE INDEX clinics_cache_expires ON clinics_cache (expires);
"""


class Migration(migrations.Migration):
    dependencies = [("clinics", "0004_history_belongs")]

    operations = [
        migrations.RunSQL(CREATE, "DROP TABLE clinics_cache;"),
        grant("clinics_cache", "SELECT, INSERT, UPDATE, DELETE"),
    ]
