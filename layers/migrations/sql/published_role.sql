-- The role of every public read. Where this user may not create roles, nothing is done here:
-- the system check layers.E003 then says the SQL that an administrator has to run.
DO $do$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}') THEN
        CREATE ROLE "{role}" NOLOGIN;
    END IF;
    IF NOT pg_has_role(current_user, '{role}', 'MEMBER') THEN
        EXECUTE format('GRANT "{role}" TO %I', current_user);
    END IF;
    GRANT USAGE ON SCHEMA published TO "{role}";
    GRANT SELECT ON ALL TABLES IN SCHEMA published TO "{role}";
    ALTER DEFAULT PRIVILEGES IN SCHEMA published GRANT SELECT ON TABLES TO "{role}";
EXCEPTION
    WHEN insufficient_privilege OR duplicate_object OR unique_violation THEN
        RAISE NOTICE 'role {role} was not set up: %', SQLERRM;
END
$do$;
