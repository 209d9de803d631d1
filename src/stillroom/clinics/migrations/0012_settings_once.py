"""Policies that were made before ask once a statement, too, for whom the transaction speaks, and not at every row."""

from django.db import migrations

ASK_ONCE = r"""
    DO $$
    DECLARE
        plainly constant text := $re$(?<!SELECT )(\(NULLIF\(current_setting\('app\.\w+'::text, true\), ''::text\)\)::uuid)$re$;
        each record;
    BEGIN
        FOR each IN
            SELECT schemaname, tablename, policyname,
                regexp_replace(qual, plainly, '(SELECT \1)', 'g') AS may_see,
                regexp_replace(with_check, plainly, '(SELECT \1)', 'g') AS may_leave
            FROM pg_policies WHERE schemaname = 'public' AND (qual ~ plainly OR with_check ~ plainly)
        LOOP
            EXECUTE format('ALTER POLICY %I ON %I.%I', each.policyname, each.schemaname, each.tablename)
                || coalesce(' USING (' || each.may_see || ')', '')
                || coalesce(' WITH CHECK (' || each.may_leave || ')', '');
        END LOOP;
    END $$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("clinics", "0011_emergency_access"),
    ]

    operations = [
        migrations.RunSQL(ASK_ONCE, migrations.RunSQL.noop),
    ]
