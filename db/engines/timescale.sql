-- TimescaleDB: facts become hypertables by the device's clock (the key's time column), and old
-- chunks are kept in columns. Reapplied after every migration.
SELECT create_hypertable(name::regclass, by_range(dimension::name, span::interval),
                         if_not_exists => true, migrate_data => true)
FROM (VALUES
    ('ping', 'ts', '1 day'),
    ('inspection', 'ts', '7 days'),
    ('clue', 'ts', '7 days'),
    ('device_event', 'ts', '1 day'),
    ('receipt', 'ts', '7 days'),
    ('rejected_message', 'received_at', '7 days'),
    ('task_event', 'at', '30 days'),
    ('alert_event', 'at', '30 days')
) AS t (name, dimension, span);

-- A look at an instant unpacks a batch of each worker, in all its length: so it is of a hundred positions, most of an hour,
-- and not of a whole day. The jobs that pack have the settings of whoever migrates.
DO $$
BEGIN
    EXECUTE format('ALTER ROLE CURRENT_USER IN DATABASE %I SET timescaledb.compression_batch_size_limit = 100',
                   current_database());
    IF NOT EXISTS (SELECT FROM timescaledb_information.hypertables
                   WHERE hypertable_schema = 'public' AND hypertable_name = 'ping' AND compression_enabled) THEN
        ALTER TABLE ping SET (timescaledb.enable_columnstore,
            timescaledb.segmentby = 'district, worker_id', timescaledb.orderby = 'ts');
    END IF;
    -- By kind as well: who went on and off duty is asked of all workers, and not of all devices.
    IF NOT EXISTS (SELECT FROM timescaledb_information.hypertable_columnstore_settings
                   WHERE hypertable = 'public.device_event'::regclass AND segmentby = 'district,device_id,kind') THEN
        ALTER TABLE device_event SET (timescaledb.enable_columnstore,
            timescaledb.segmentby = 'district, device_id, kind', timescaledb.orderby = 'ts');
    END IF;
END $$;
CALL add_columnstore_policy('ping', after => INTERVAL '7 days', if_not_exists => true);
CALL add_columnstore_policy('device_event', after => INTERVAL '7 days', if_not_exists => true);

-- Retention by dropping whole chunks, in the background: a job of ours asks each hour what the rules in force then say,
-- which a policy, told once, would not know.
CREATE OR REPLACE PROCEDURE drop_old_chunks(job_id integer, config jsonb) LANGUAGE plpgsql AS $$
DECLARE
    one text;
BEGIN
    FOREACH one IN ARRAY ARRAY['ping', 'device_event', 'rejected_message'] LOOP
        IF isfinite(kept_since(one, now())) THEN
            PERFORM drop_chunks(one::regclass, older_than => kept_since(one, now()));
        END IF;
    END LOOP;
END $$;
SELECT remove_retention_policy(relation::regclass, if_exists => true)
FROM unnest(ARRAY['ping', 'device_event', 'rejected_message']) AS relation;
SELECT add_job('drop_old_chunks', INTERVAL '1 hour')
WHERE NOT EXISTS (SELECT FROM timescaledb_information.jobs WHERE proc_name = 'drop_old_chunks');

-- The same name as in the plain engine, where somebody has to call it; here there is nothing to do.
CREATE OR REPLACE FUNCTION forget_old_facts(slice integer, at timestamptz) RETURNS bigint LANGUAGE sql
    AS 'SELECT 0::bigint';
GRANT EXECUTE ON FUNCTION forget_old_facts TO gw_ingest;
