-- How many positions of people off duty were dropped, by the district's day on which they came.
CREATE TABLE off_duty_dropped (
    district  integer NOT NULL,
    day       date NOT NULL,
    positions bigint NOT NULL,
    PRIMARY KEY (district, day)
);
GRANT SELECT, INSERT, UPDATE ON off_duty_dropped TO gw_ingest;

-- Ingest may not delete facts; this door lets it drop the positions that a worker had after going off duty (`since`, as a
-- stored change of duty says) and before being on again (null: they are off). Returns when each was. Keys are by the
-- phone's own clock, which may be off.
CREATE FUNCTION forget_off_duty(district integer, worker_id text, since timestamptz, until timestamptz)
    RETURNS SETOF timestamptz LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    DELETE FROM ping p
    WHERE p.district = forget_off_duty.district AND p.worker_id = forget_off_duty.worker_id
      AND p.ts > since - interval '1 day' AND p.ts < coalesce(until, now()) + interval '1 day'
      AND p.at > since AND p.at < coalesce(until, 'infinity')
      AND EXISTS (SELECT FROM device_event e
                  WHERE e.district = forget_off_duty.district AND e.device_id = forget_off_duty.worker_id
                    AND e.kind = 'worker' AND e.event = 'duty_off' AND e.at = since
                    AND e.ts BETWEEN since - interval '1 day' AND since + interval '1 day')
    RETURNING p.at
$$;
REVOKE ALL ON FUNCTION forget_off_duty FROM PUBLIC;
GRANT EXECUTE ON FUNCTION forget_off_duty TO gw_ingest;

CREATE VIEW scoped.off_duty_dropped WITH (security_barrier) AS
    SELECT day, positions FROM public.off_duty_dropped WHERE district = scoped.district() AND (SELECT scoped.sees_all());
GRANT SELECT ON scoped.off_duty_dropped TO gw_dashboard;
