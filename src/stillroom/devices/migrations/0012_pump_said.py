"""What pumps say they did: rows are only added."""

from django.db import migrations, models

from stillroom.clinics.rows import guard_clinic_rows

CREATE = """
    CREATE TABLE devices_pumpsaid (
        clinic_id uuid NOT NULL,
        monitor_id uuid NOT NULL,
        did text COLLATE "C" NOT NULL,
        words text COLLATE "C" NOT NULL,
        rate_ml_per_h numeric,
        given_ml numeric,
        left_ml numeric,
        said_at timestamptz NOT NULL,
        received_at timestamptz NOT NULL,
        frame_digest bytea NOT NULL,
        PRIMARY KEY (monitor_id, said_at, did, words, frame_digest)
    );
    CREATE INDEX devices_pumpsaid_heard ON devices_pumpsaid (monitor_id, received_at);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("devices", "0011_calls_out"),
    ]

    operations = [
        migrations.CreateModel(
            name="PumpSaid",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "monitor_id",
                        "said_at",
                        "did",
                        "words",
                        "frame_digest",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "did",
                    models.TextField(
                        choices=[
                            ("started", "started"),
                            ("stopped", "stopped"),
                            ("completed", "completed"),
                            ("other", "other"),
                        ]
                    ),
                ),
                ("words", models.TextField(blank=True)),
                ("rate_ml_per_h", models.DecimalField(decimal_places=6, max_digits=16, null=True)),
                ("given_ml", models.DecimalField(decimal_places=6, max_digits=16, null=True)),
                ("left_ml", models.DecimalField(decimal_places=6, max_digits=16, null=True)),
                ("said_at", models.DateTimeField()),
                ("received_at", models.DateTimeField()),
                ("frame_digest", models.BinaryField()),
            ],
            options={
                "managed": False,
            },
        ),
        migrations.RunSQL(CREATE, "DROP TABLE devices_pumpsaid;"),
        guard_clinic_rows("devices_pumpsaid", may="SELECT, INSERT"),
    ]
