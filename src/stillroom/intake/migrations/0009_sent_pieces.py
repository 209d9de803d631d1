"""Files lie in pieces, as a large one should not be in memory; files within files; weights and documents to take in."""

import django.db.models.deletion
import uuid
from django.db import migrations, models

from stillroom.clinics.rows import THIS_CLINIC, THIS_LINK, guard_clinic_rows, keep_in_one_clinic

FILE, ITEM, PIECE = "intake_sentfile", "intake_sentitem", "intake_sentpiece"
PIECE_BYTES = 256 * 1024

# Every file that was sent before, cut up; and each that is no FHIR is a document, as those that come from now on are.
CUT_UP = f"""
    ALTER TABLE {FILE} NO FORCE ROW LEVEL SECURITY;
    ALTER TABLE {ITEM} NO FORCE ROW LEVEL SECURITY;
    INSERT INTO {PIECE} (id, clinic_id, file_id, place, content)
        SELECT gen_random_uuid(), clinic_id, id, place, substring(content FROM place * {PIECE_BYTES} + 1 FOR {PIECE_BYTES})
        FROM {FILE}, generate_series(0, (size_bytes - 1) / {PIECE_BYTES}) AS place WHERE size_bytes > 0;
    INSERT INTO {ITEM} (id, clinic_id, file_id, document_id, kind, words, more, place)
        SELECT gen_random_uuid(), clinic_id, id, id, 'document', name, '', 0 FROM {FILE} WHERE kind <> 'fhir';
    SET CONSTRAINTS ALL IMMEDIATE;
    SET CONSTRAINTS ALL DEFERRED;
    ALTER TABLE {FILE} FORCE ROW LEVEL SECURITY;
    ALTER TABLE {ITEM} FORCE ROW LEVEL SECURITY;
"""  # noqa: S608
OWN_FILE = f"""{THIS_CLINIC} IS NULL AND file_id IN (SELECT f.id FROM intake_sentfile f
    JOIN intake_sent s ON s.id = f.sent_id WHERE s.link_id = {THIS_LINK})"""  # noqa: S608


class Migration(migrations.Migration):
    dependencies = [
        ("clinics", "0007_weight_good_for"),
        ("intake", "0008_coming"),
    ]

    operations = [
        migrations.AddField(
            model_name="sentfile",
            name="within",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="encloses",
                to="intake.sentfile",
            ),
        ),
        migrations.AddField(
            model_name="sentitem",
            name="document",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="intake.sentfile",
            ),
        ),
        migrations.AddField(
            model_name="sentitem",
            name="measured_on",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="sentitem",
            name="weight_kg",
            field=models.DecimalField(blank=True, decimal_places=2, max_digits=5, null=True),
        ),
        migrations.CreateModel(
            name="SentPiece",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("place", models.PositiveIntegerField()),
                ("content", models.BinaryField()),
                (
                    "clinic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinics.clinic"
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="pieces", to="intake.sentfile"
                    ),
                ),
            ],
            options={
                "ordering": ["place"],
                "constraints": [models.UniqueConstraint(fields=("file", "place"), name="sent_piece_once")],
            },
        ),
        migrations.RunSQL(CUT_UP, migrations.RunSQL.noop),
        migrations.RemoveField(model_name="sentfile", name="content"),
        guard_clinic_rows(PIECE, may="SELECT, INSERT"),
        keep_in_one_clinic(PIECE, "file_id", FILE),
        keep_in_one_clinic(FILE, "within_id", FILE),
        keep_in_one_clinic(ITEM, "document_id", FILE),
        migrations.RunSQL(
            f"CREATE POLICY this_link_insert ON {PIECE} FOR INSERT WITH CHECK ({OWN_FILE});",
            f"DROP POLICY this_link_insert ON {PIECE};",
        ),
    ]
