"""A tenth sign that is kept: end-tidal carbon dioxide."""

from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models

SIGNS = [
    ("spo2_percent", "spo2_percent"),
    ("pulse_per_min", "pulse_per_min"),
    ("heart_rate_per_min", "heart_rate_per_min"),
    ("sbp_mmhg", "sbp_mmhg"),
    ("dbp_mmhg", "dbp_mmhg"),
    ("mbp_mmhg", "mbp_mmhg"),
    ("cuff_pulse_per_min", "cuff_pulse_per_min"),
    ("resp_per_min", "resp_per_min"),
    ("etco2_mmhg", "etco2_mmhg"),
    ("temperature_cel", "temperature_cel"),
]


def some_signs() -> ArrayField:
    sign = models.CharField(max_length=20, choices=SIGNS)
    return ArrayField(base_field=sign, blank=True, default=list, size=None)


class Migration(migrations.Migration):
    dependencies = [("devices", "0016_links_by_gateway")]

    operations = [
        migrations.AlterField("counting", "signal", models.CharField(max_length=20, choices=SIGNS)),
        migrations.AlterField("monitor", "goes_first_for", some_signs()),
        migrations.AlterField("monitorhistory", "goes_first_for", some_signs()),
    ]
