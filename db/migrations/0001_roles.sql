-- Two roles own nothing and log in only where an operator lets them: ingest writes, the dashboard
-- reads scoped views and places orders. Roles belong to the whole server, so another database of
-- ours may have made them already.
DO $$
DECLARE wanted text;
BEGIN
    FOREACH wanted IN ARRAY ARRAY['gw_ingest', 'gw_dashboard'] LOOP
        BEGIN
            EXECUTE format('CREATE ROLE %I NOLOGIN', wanted);
        EXCEPTION WHEN duplicate_object OR unique_violation THEN
            NULL;
        END;
    END LOOP;
END $$;

REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO gw_ingest;

-- What the dashboard may read is in this schema, and only there.
CREATE SCHEMA scoped;
GRANT USAGE ON SCHEMA scoped TO gw_dashboard;

CREATE TYPE severity AS ENUM ('general', 'serious', 'major');  -- rising, so that max() is the worst
GRANT USAGE ON TYPE severity TO gw_ingest, gw_dashboard;
