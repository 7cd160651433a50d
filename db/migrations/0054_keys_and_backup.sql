-- What devices prove by who they are: issued and revoked by `gridward device`, never deleted. A broker's files are made
-- from it, and can be made again at any time.
CREATE TABLE device_key (
    district   integer NOT NULL REFERENCES district,
    kind       text NOT NULL,               -- worker, department, or of the device
    device_id  text NOT NULL,               -- or worker_id, or department_id
    way        text NOT NULL CHECK (way IN ('password', 'certificate')),
    secret     text NOT NULL,               -- of a password Mosquitto's hash, of a certificate its serial number
    issued_at  timestamptz NOT NULL DEFAULT now(),
    issued_by  text NOT NULL,
    expires_at timestamptz,                 -- null: never
    revoked_at timestamptz,
    revoked_by text,
    PRIMARY KEY (district, kind, device_id, way, secret)
);
CREATE UNIQUE INDEX device_key_in_force ON device_key (district, kind, device_id, way) WHERE revoked_at IS NULL;

-- How many rows each table has, and a sum over what they say that no order of theirs changes: by it a backup and what was
-- restored from it are compared. What it reads is as old as the transaction's snapshot.
CREATE FUNCTION table_sums() RETURNS TABLE (relation text, "rows" bigint, sum numeric) LANGUAGE plpgsql STABLE
    SET timezone = 'UTC' SET datestyle = 'ISO' SET intervalstyle = 'postgres' SET extra_float_digits = 1
    SET bytea_output = 'hex' AS $$
BEGIN
    FOR relation IN SELECT c.relname FROM pg_class c
                    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') ORDER BY c.relname LOOP
        RETURN QUERY EXECUTE format('SELECT %L::text, count(*), coalesce(sum(hashtextextended(t::text, 0)::numeric), 0)
                                     FROM public.%I t', relation, relation);
    END LOOP;
END $$;
REVOKE ALL ON FUNCTION table_sums FROM PUBLIC;
