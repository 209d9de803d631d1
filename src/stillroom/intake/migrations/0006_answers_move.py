"""A merge of two records moves a link and what was answered by it in two steps; the key between them waits for both."""

from django.db import migrations

KEY = "ALTER TABLE intake_ownanswer ALTER CONSTRAINT own_answer_is_of_the_links_patient"


class Migration(migrations.Migration):
    dependencies = [("intake", "0005_phone_call")]

    operations = [migrations.RunSQL(f"{KEY} DEFERRABLE INITIALLY IMMEDIATE;", f"{KEY} NOT DEFERRABLE;")]
