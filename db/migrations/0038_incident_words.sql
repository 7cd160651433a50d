-- What the pages of incidents ask again and again: of whom and what an incident is, and how far it is to it.

-- The first alert of an incident with the names of whom and what it names, for one sentence. Whoever does not see the
-- first one hears another of those that they see; there is always one row.
CREATE FUNCTION scoped.incident_words(id text)
    RETURNS TABLE (subject text, params jsonb, findings jsonb, worker_name text, worker_name_en text, device_name text,
                   premises_name text, department_name text, department_name_en text)
    LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT coalesce(a.subject, b.subject), p.params, scoped.worded(p.params -> 'findings'), w.name, w.name_en, d.name,
           m.name, o.name, o.name_en
    FROM (VALUES (id)) AS asked (id)
    LEFT JOIN LATERAL (
        SELECT l.subject, l.params FROM scoped.alert l WHERE l.alert_id = asked.id LIMIT 1) a ON true
    LEFT JOIN LATERAL (
        SELECT l.subject, l.params FROM scoped.alert l
        WHERE a.subject IS NULL AND l.incident_id = asked.id ORDER BY l.raised_at LIMIT 1) b ON true
    CROSS JOIN LATERAL (SELECT coalesce(a.params, b.params, '{}') AS params) p
    LEFT JOIN LATERAL (
        SELECT name, name_en FROM scoped.worker WHERE worker_id = p.params ->> 'worker_id' LIMIT 1) w ON true
    LEFT JOIN LATERAL (SELECT name FROM scoped.device WHERE device_id = p.params ->> 'device_id' LIMIT 1) d ON true
    LEFT JOIN LATERAL (SELECT name FROM scoped.premises WHERE premises_id = p.params ->> 'premises_id' LIMIT 1) m ON true
    LEFT JOIN LATERAL (
        SELECT name, name_en FROM scoped.department WHERE department_id = p.params ->> 'department_id' LIMIT 1) o ON true
$$;

-- When the time of the step that an incident waits for began; null: it waits for none. Of a step that was escalated it
-- began anew with that, as of one that was reopened.
CREATE FUNCTION scoped.waits_since(id text, due timestamptz) RETURNS timestamptz
    LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT max(e.at) FROM scoped.alert_event e
    WHERE due IS NOT NULL AND e.alert_id = id AND e.state IS NOT NULL AND (e.params ->> 'due')::timestamptz = due
$$;

-- Metres between two places in degrees, along the earth's surface.
CREATE FUNCTION scoped.metres(lon_1 double precision, lat_1 double precision, lon_2 double precision,
                              lat_2 double precision) RETURNS double precision
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT 2 * 6371008.8 * asin(sqrt(least(1, sind((lat_2 - lat_1) / 2) ^ 2
                                             + cosd(lat_1) * cosd(lat_2) * sind((lon_2 - lon_1) / 2) ^ 2)))
$$;

GRANT EXECUTE ON FUNCTION scoped.incident_words, scoped.waits_since, scoped.metres TO gw_dashboard;
