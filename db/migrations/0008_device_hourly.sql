-- What the screen needs to show how a day has gone so far.

-- How often each device was heard, by the hour of its district: kept by ingest with `device_state.last_seen`,
-- from the same messages. The hour stands before the device: a day is read for all of them.
CREATE TABLE device_hourly (
    district  integer NOT NULL,
    hour      timestamptz NOT NULL,         -- when it began
    device_id text NOT NULL,
    messages  integer NOT NULL,             -- that arrived in that hour, late ones too; a will is none
    PRIMARY KEY (district, hour, device_id)
) WITH (fillfactor = 60);                -- rows are rewritten for an hour: with room, beside where they were
GRANT SELECT, INSERT, UPDATE ON device_hourly TO gw_ingest;

CREATE VIEW scoped.device_hourly WITH (security_barrier) AS
    SELECT h.* FROM public.device_hourly h JOIN public.device d USING (district, device_id)
    WHERE h.district = scoped.district() AND ((SELECT scoped.sees_all()) OR scoped.sees(d.path));
GRANT SELECT ON scoped.device_hourly TO gw_dashboard;

-- Workers' changes of duty, without the joins that devices' events need.
CREATE VIEW scoped.duty WITH (security_barrier) AS
    SELECT e.device_id AS worker_id, e.ts, e.at, e.event = 'duty_on' AS on_duty
    FROM public.device_event e JOIN public.worker w ON w.district = e.district AND w.worker_id = e.device_id
    WHERE e.district = scoped.district() AND ((SELECT scoped.sees_all()) OR scoped.sees(w.path))
      AND e.kind = 'worker' AND e.event IN ('duty_on', 'duty_off');
GRANT SELECT ON scoped.duty TO gw_dashboard;
CREATE INDEX device_event_duty ON device_event (district, ts) WHERE kind = 'worker';

-- The number (from 1) of the first of `ats`, which rise, that is not before `since`; one more than there are
-- if none is, or `since` is null. What began at `since` is there at all instants from this one on, so that a
-- row is looked at once, however many instants are asked for. STABLE, as its minus is: else it is not inlined.
CREATE FUNCTION scoped.first_at(ats timestamptz[], since timestamptz) RETURNS integer
    LANGUAGE sql STABLE PARALLEL SAFE AS
    $$ SELECT 1 + width_bucket(coalesce(since, 'infinity') - interval '1 microsecond', ats) $$;
