"""The page by which people refer themselves to a clinic; what they send comes without a link."""

import django.db.models.deletion
import django.db.models.functions.comparison
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

from stillroom.clinics.history import close_history
from stillroom.clinics.rows import APP_ROLE, THIS_CLINIC, THIS_DESK, guard_clinic_rows, show_rows_at_desk

PAGE = "intake_selfreferralpage"

# Who comes by the page is nobody here. The function alone looks past that: it says whose page is open at this address.
FIND_PAGE = f"""
    CREATE POLICY found_by_address ON {PAGE} FOR SELECT TO CURRENT_USER USING (true);
    CREATE FUNCTION intake_open_self_referral(p_address text) RETURNS uuid
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
        SELECT clinic_id FROM intake_selfreferralpage WHERE address = p_address AND is_open
    $$;
    REVOKE ALL ON FUNCTION intake_open_self_referral(text) FROM PUBLIC;
    GRANT EXECUTE ON FUNCTION intake_open_self_referral(text) TO {APP_ROLE};
"""  # noqa: S608
FORGET_PAGE = f"DROP FUNCTION intake_open_self_referral(text); DROP POLICY found_by_address ON {PAGE};"

# At the door of a clinic somebody hands in, without a link, and reads nothing but what the clinic is called.
AT_THE_DOOR = f"""
    CREATE POLICY this_desk ON intake_sent FOR INSERT
        WITH CHECK ({THIS_CLINIC} IS NULL AND clinic_id = {THIS_DESK} AND link_id IS NULL);
    CREATE POLICY this_desk ON clinics_clinic FOR SELECT USING ({THIS_CLINIC} IS NULL AND id = {THIS_DESK});
"""
NO_DOOR = "DROP POLICY this_desk ON clinics_clinic; DROP POLICY this_desk ON intake_sent;"


class Migration(migrations.Migration):
    dependencies = [
        ("clinics", "0008_screening_good_for"),
        ("intake", "0009_sent_pieces"),
        ("outcomes", "0005_notes_move"),
    ]

    operations = [
        migrations.CreateModel(
            name="SelfReferralPage",
            fields=[
                (
                    "clinic",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="self_referral",
                        serialize=False,
                        to="clinics.clinic",
                    ),
                ),
                ("address", models.SlugField(max_length=60, unique=True)),
                ("is_open", models.BooleanField(default=False)),
            ],
        ),
        migrations.CreateModel(
            name="SelfReferralPageHistory",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                (
                    "changed_by",
                    models.CharField(
                        db_default=django.db.models.functions.comparison.Coalesce(
                            models.Func(
                                models.Value("app.by"),
                                models.Value(True),
                                function="current_setting",
                                output_field=models.CharField(),
                            ),
                            models.Value(""),
                        ),
                        max_length=60,
                    ),
                ),
                ("address", models.SlugField(db_index=False, max_length=60)),
                ("is_open", models.BooleanField(default=False)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AlterField(
            model_name="sent",
            name="link",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="sent",
                to="intake.link",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="selfreferralpage",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "intake_selfreferralpagehistory" ("address", "clinic_id", "is_open", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."address", NEW."clinic_id", NEW."is_open", NOW(), \'insert\', NEW."clinic_id"); RETURN NULL;',
                    hash="aca52836799cbeda0c5502dad637f9ff27a3a101",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_6a1e7",
                    table="intake_selfreferralpage",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="selfreferralpage",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "intake_selfreferralpagehistory" ("address", "clinic_id", "is_open", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."address", NEW."clinic_id", NEW."is_open", NOW(), \'update\', NEW."clinic_id"); RETURN NULL;',
                    hash="8dc8d3a6a1e7921425313173b7ddeadd503cfd8a",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_3870e",
                    table="intake_selfreferralpage",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddField(
            model_name="selfreferralpagehistory",
            name="clinic",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                serialize=False,
                to="clinics.clinic",
            ),
        ),
        migrations.AddField(
            model_name="selfreferralpagehistory",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="events",
                to="intake.selfreferralpage",
            ),
        ),
        guard_clinic_rows(PAGE),
        *close_history(PAGE),
        migrations.RunSQL(FIND_PAGE, FORGET_PAGE),
        migrations.RunSQL(AT_THE_DOOR, NO_DOOR),
        *(show_rows_at_desk(f"intake_{table}", may="INSERT") for table in ("sentfile", "sentpiece", "sentitem")),
        show_rows_at_desk("outcomes_reach"),
    ]
