"""Whose the ledger is, that its lines only grow, and that what belongs together is of one clinic."""

from django.db import migrations

from stillroom.clinics.rows import guard_clinic_rows, keep_in_one_clinic

TABLES = ("ledger_stockitem", "ledger_ledgerline", "ledger_ledgerrule")

ONLY_GROWS = """
    CREATE FUNCTION ledger_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION '% on % is not possible: a line that was wrong is reversed by another', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'restrict_violation';
    END $$;
""" + "".join(
    f"""
    CREATE TRIGGER only_grows BEFORE UPDATE OR DELETE ON {table}
        FOR EACH ROW EXECUTE FUNCTION ledger_only_grows();
    CREATE TRIGGER never_emptied BEFORE TRUNCATE ON {table}
        FOR EACH STATEMENT EXECUTE FUNCTION ledger_only_grows();
    ALTER TABLE {table} ENABLE ALWAYS TRIGGER only_grows;
    ALTER TABLE {table} ENABLE ALWAYS TRIGGER never_emptied;
"""
    for table in TABLES
)
UNDONE = (
    "".join(f"DROP TRIGGER only_grows ON {table}; DROP TRIGGER never_emptied ON {table};" for table in TABLES)
    + "DROP FUNCTION ledger_only_grows();"
)


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial"), ("clinics", "0002_row_security")]

    operations = [
        *(guard_clinic_rows(table, may="SELECT, INSERT") for table in TABLES),
        keep_in_one_clinic("ledger_ledgerline", "item_id", "ledger_stockitem"),
        keep_in_one_clinic("ledger_ledgerline", "infusion_id", "infusions_infusion"),
        migrations.RunSQL(ONLY_GROWS, UNDONE),
    ]
