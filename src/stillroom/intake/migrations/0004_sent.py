"""Records that were sent by a link: whole files, what was understood of them, and who read it."""

import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models

from stillroom.clinics.rows import THIS_CLINIC, THIS_LINK, guard_clinic_rows, keep_in_one_clinic, show_rows_by_link


TABLES = ("intake_sent", "intake_sentfile", "intake_sentitem", "intake_itemreview", "intake_sentreview")

# Who sends adds files to what they send, and what was understood of each to its file.
OWN_SENT = f"{THIS_CLINIC} IS NULL AND sent_id IN (SELECT id FROM intake_sent WHERE link_id = {THIS_LINK})"  # noqa: S608
OWN_FILE = f"""{THIS_CLINIC} IS NULL AND file_id IN (SELECT f.id FROM intake_sentfile f
    JOIN intake_sent s ON s.id = f.sent_id WHERE s.link_id = {THIS_LINK})"""  # noqa: S608
PARTS_BY_LINK = f"""
    CREATE POLICY this_link_select ON intake_sentfile FOR SELECT USING ({OWN_SENT});
    CREATE POLICY this_link_insert ON intake_sentfile FOR INSERT WITH CHECK ({OWN_SENT});
    CREATE POLICY this_link_insert ON intake_sentitem FOR INSERT WITH CHECK ({OWN_FILE});
"""
PARTS_BY_NOBODY = """
    DROP POLICY this_link_insert ON intake_sentitem;
    DROP POLICY this_link_insert ON intake_sentfile;
    DROP POLICY this_link_select ON intake_sentfile;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("clinics", "0007_weight_good_for"),
        ("intake", "0003_consultations"),
        ("patients", "0008_history_told"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Sent",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("sender", models.CharField(max_length=120)),
                ("reached_at", models.CharField(blank=True, max_length=120)),
                ("about_name", models.CharField(max_length=160)),
                ("about_born", models.DateField()),
                ("words", models.TextField(blank=True, max_length=8000)),
                ("sent_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "clinic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinics.clinic"
                    ),
                ),
                (
                    "link",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="sent", to="intake.link"
                    ),
                ),
            ],
            options={
                "ordering": ["-sent_at"],
            },
        ),
        migrations.CreateModel(
            name="SentFile",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=160)),
                ("kind", models.CharField(max_length=10)),
                ("is_as_named", models.BooleanField()),
                ("content", models.BinaryField()),
                ("size_bytes", models.PositiveIntegerField()),
                ("digest", models.CharField(max_length=64)),
                ("about", models.JSONField(default=list)),
                ("left", models.JSONField(default=list)),
                (
                    "clinic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinics.clinic"
                    ),
                ),
                (
                    "sent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="files", to="intake.sent"
                    ),
                ),
            ],
            options={
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="SentItem",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=12)),
                ("words", models.TextField(max_length=2000)),
                ("more", models.TextField(blank=True, max_length=2000)),
                ("place", models.PositiveIntegerField()),
                (
                    "clinic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinics.clinic"
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="items", to="intake.sentfile"
                    ),
                ),
            ],
            options={
                "ordering": ["place"],
            },
        ),
        migrations.CreateModel(
            name="ItemReview",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "what",
                    models.CharField(
                        choices=[("taken", "taken into the record"), ("left", "read, and left out of the record")],
                        max_length=8,
                    ),
                ),
                ("reviewed_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "clinic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinics.clinic"
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="item_reviews", to="patients.patient"
                    ),
                ),
                (
                    "reviewed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "item",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="review", to="intake.sentitem"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SentReview",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("reviewed_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "clinic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinics.clinic"
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="sent_reviews", to="patients.patient"
                    ),
                ),
                (
                    "reviewed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "sent",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="review", to="intake.sent"
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="sent",
            constraint=models.UniqueConstraint(fields=("clinic", "id"), name="sent_clinic_and_id"),
        ),
        migrations.AddConstraint(
            model_name="sentfile",
            constraint=models.UniqueConstraint(fields=("clinic", "id"), name="sent_file_clinic_and_id"),
        ),
        migrations.AddConstraint(
            model_name="sentitem",
            constraint=models.UniqueConstraint(fields=("clinic", "id"), name="sent_item_clinic_and_id"),
        ),
        *(guard_clinic_rows(table, may="SELECT, INSERT") for table in TABLES),
        keep_in_one_clinic("intake_sent", "link_id", "intake_link"),
        keep_in_one_clinic("intake_sentfile", "sent_id", "intake_sent"),
        keep_in_one_clinic("intake_sentitem", "file_id", "intake_sentfile"),
        keep_in_one_clinic("intake_itemreview", "item_id", "intake_sentitem"),
        keep_in_one_clinic("intake_itemreview", "patient_id", "patients_patient"),
        keep_in_one_clinic("intake_sentreview", "sent_id", "intake_sent"),
        keep_in_one_clinic("intake_sentreview", "patient_id", "patients_patient"),
        show_rows_by_link("intake_sent", "link_id"),
        show_rows_by_link("intake_sent", "link_id", may="INSERT"),
        migrations.RunSQL(PARTS_BY_LINK, PARTS_BY_NOBODY),
    ]
