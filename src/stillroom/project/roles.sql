-- The two roles and the database of Stillroom, run by a superuser in the database itself; safe to run again.
-- stillroom_owner makes and changes tables (migrations) and nothing else connects as it. stillroom_app is what every
-- process and every test is. Neither is a superuser, makes databases or roles, or steps past row security.

DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'stillroom_owner') THEN
        CREATE ROLE stillroom_owner LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS NOREPLICATION;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'stillroom_app') THEN
        CREATE ROLE stillroom_app LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS NOREPLICATION;
    END IF;
END $$;

ALTER SCHEMA public OWNER TO stillroom_owner;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO stillroom_app;

-- What the owner makes from here on, the application may use; a migration takes away what it must not do.
ALTER DEFAULT PRIVILEGES FOR ROLE stillroom_owner REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
ALTER DEFAULT PRIVILEGES FOR ROLE stillroom_owner IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO stillroom_app;
ALTER DEFAULT PRIVILEGES FOR ROLE stillroom_owner IN SCHEMA public
    GRANT USAGE ON SEQUENCES TO stillroom_app;
ALTER DEFAULT PRIVILEGES FOR ROLE stillroom_owner IN SCHEMA public
    GRANT EXECUTE ON FUNCTIONS TO stillroom_app;
