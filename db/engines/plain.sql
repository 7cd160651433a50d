-- An ordinary PostgreSQL: facts are append-only in time, so a block-range index finds a period
-- cheaply. Reapplied after every migration.
CREATE INDEX IF NOT EXISTS ping_at ON ping USING brin (at);
CREATE INDEX IF NOT EXISTS inspection_at ON inspection USING brin (at);
CREATE INDEX IF NOT EXISTS clue_at ON clue USING brin (at);
CREATE INDEX IF NOT EXISTS device_event_at ON device_event USING brin (at);
CREATE INDEX IF NOT EXISTS receipt_at ON receipt USING brin (at);

-- Retention by DELETE, a slice a call so that ingest is never held up for long: `slice` rows at most of
-- each table, as the rules in force at `at` (now at the latest) say. Ingest calls it about once a minute; it
-- may not delete by itself.
CREATE OR REPLACE FUNCTION forget_old_facts(slice integer, at timestamptz) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
    kind  record;
    gone  bigint;
    total bigint := 0;
BEGIN
    FOR kind IN SELECT * FROM retained WHERE relation IN ('ping', 'device_event', 'rejected_message') LOOP
        EXECUTE format('DELETE FROM %I WHERE ctid = ANY (ARRAY(SELECT ctid FROM %I WHERE %I < $1 LIMIT $2))',
                       kind.relation, kind.relation, kind.by_time)
            USING kept_since(kind.relation, least(at, now())), slice;
        GET DIAGNOSTICS gone = ROW_COUNT;
        total := total + gone;
    END LOOP;
    RETURN total;
END $$;
REVOKE ALL ON FUNCTION forget_old_facts FROM PUBLIC;
GRANT EXECUTE ON FUNCTION forget_old_facts TO gw_ingest;
