"""Row security for the guide: pages, what was shown when, and critiques are only added; names of readers may go."""

from django.db import migrations

from stillroom.clinics.rows import guard_clinic_rows, keep_in_one_clinic


class Migration(migrations.Migration):
    dependencies = [("guide", "0001_initial"), ("clinics", "0002_row_security")]

    operations = [
        guard_clinic_rows("guide_pageversion", may="SELECT, INSERT"),
        guard_clinic_rows("guide_publication", may="SELECT, INSERT"),
        guard_clinic_rows("guide_critique", may="SELECT, INSERT"),
        guard_clinic_rows("guide_critiquewriter", may="SELECT, INSERT, DELETE"),
        guard_clinic_rows("guide_critiquestep", may="SELECT, INSERT"),
        keep_in_one_clinic("guide_publication", "version_id", "guide_pageversion"),
        keep_in_one_clinic("guide_critiquewriter", "critique_id", "guide_critique"),
        keep_in_one_clinic("guide_critiquestep", "critique_id", "guide_critique"),
    ]
