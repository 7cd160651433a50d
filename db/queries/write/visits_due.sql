-- Visits that are to be weighed by now, those that have waited longest first, each with all that there is around it.
-- A phone's positions are sought by its own clock, which is the key, and told by the true one.
WITH due AS MATERIALIZED (
    SELECT e.*, i.at - i.ts AS behind, jsonb_array_length(i.items) AS items,
           coalesce(i.outcome, i.result) = 'abnormal' AS abnormal, i.accuracy_m, i.mock, i.clock_off_s, i.receipt_no,
           i.photos, p.lon AS there_lon, p.lat AS there_lat,
           coalesce(p.seen -> 'spot' <> 'null', false) AS place_seen, c.second
    FROM (SELECT * FROM visit_evidence WHERE district = %(district)s AND due_at <= %(now)s
          ORDER BY due_at LIMIT %(limit)s) e
    JOIN inspection i USING (district, worker_id, ts, id)
    LEFT JOIN premises p ON p.district = e.district AND p.premises_id = e.premises_id
    LEFT JOIN task_category c ON c.district = e.district AND c.category = e.category
), usual AS MATERIALIZED (  -- in the middle of the last few hundred visits of the category
    SELECT c.category, u.usual_s
    FROM (SELECT DISTINCT category FROM due) c
    CROSS JOIN LATERAL (
        SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM v.ended - v.started)) AS usual_s
        FROM (SELECT ended, started FROM visit_evidence
              WHERE district = %(district)s AND category IS NOT DISTINCT FROM c.category
              ORDER BY ended DESC LIMIT 300) v
        HAVING count(*) >= 20
    ) u
)
SELECT d.worker_id, d.ts, d.id, d.premises_id, d.started, d.ended, d.lon, d.lat, d.raw_lon, d.raw_lat, d.items,
       d.abnormal, d.accuracy_m, d.mock, d.clock_off_s, d.receipt_no, u.usual_s,
       d.place_seen,
       CASE WHEN d.there_lon IS NOT NULL THEN json_build_array(d.there_lon, d.there_lat) END AS place,
       track.fixes AS track, before.stay AS before, after.stay AS after, pictures.found AS pictures,
       (SELECT count(DISTINCT o.premises_id)
        FROM visit_evidence o JOIN premises q ON q.district = o.district AND q.premises_id = o.premises_id
        WHERE o.district = d.district AND o.worker_id = d.worker_id AND o.premises_id <> d.premises_id
          AND o.ended BETWEEN d.ended - interval '12 hours' AND d.ended + interval '12 hours'
          AND abs(o.lat - d.lat) < 0.0003 AND abs(o.lon - d.lon) < 0.0003
          AND greatest(abs(q.lon - d.there_lon), abs(q.lat - d.there_lat)) > 0.002) AS from_here,
       (SELECT count(DISTINCT o.premises_id)
        FROM visit_evidence o JOIN premises q ON q.district = o.district AND q.premises_id = o.premises_id
        WHERE o.district = d.district AND o.raw_lon = d.raw_lon AND o.raw_lat = d.raw_lat
          AND o.premises_id <> d.premises_id
          AND greatest(abs(q.lon - d.there_lon), abs(q.lat - d.there_lat)) > 0.0015) AS same_elsewhere,
       (SELECT count(DISTINCT o.ended::date)
        FROM visit_evidence o
        WHERE o.district = d.district AND o.raw_lon = d.raw_lon AND o.raw_lat = d.raw_lat
          AND (o.premises_id, o.worker_id) = (d.premises_id, d.worker_id)
          AND o.ended::date <> d.ended::date) AS same_here,
       company.found AS companions, seen.found AS sightings, paper.at AS receipt_at, d.second,
       along.found AS colleagues
FROM due d
LEFT JOIN usual u ON u.category IS NOT DISTINCT FROM d.category
CROSS JOIN LATERAL (
    SELECT coalesce(json_agg(json_build_object('at', g.at, 'lon', g.lon, 'lat', g.lat, 'raw_lon', g.raw_lon,
                        'raw_lat', g.raw_lat, 'accuracy_m', g.accuracy_m, 'provider', g.provider, 'mock', g.mock)
                    ORDER BY g.at), '[]') AS fixes
    FROM ping g
    WHERE g.district = d.district AND g.worker_id = d.worker_id
      AND g.ts BETWEEN d.started - d.behind - %(around)s::interval AND d.ended - d.behind + %(around)s::interval
      -- What a wrong clock says is not always known to be wrong: a burst from a time offline would lie beside it.
      AND abs(coalesce(g.clock_off_s, 0) - coalesce(d.clock_off_s, 0)) < 60
) track
LEFT JOIN LATERAL (
    SELECT json_build_object('premises_id', v.premises_id, 'started', v.started, 'ended', v.ended, 'lon', v.lon,
                             'lat', v.lat, 'off_m', v.off_m) AS stay
    FROM visit_evidence v
    WHERE v.district = d.district AND v.worker_id = d.worker_id AND v.ended <= d.ended
      AND v.ended > d.ended - interval '4 hours' AND v.id <> d.id
    ORDER BY v.ended DESC LIMIT 1
) before ON true
LEFT JOIN LATERAL (
    SELECT json_build_object('premises_id', v.premises_id, 'started', v.started, 'ended', v.ended, 'lon', v.lon,
                             'lat', v.lat, 'off_m', v.off_m) AS stay
    FROM visit_evidence v
    WHERE v.district = d.district AND v.worker_id = d.worker_id AND v.ended > d.ended
      AND v.ended < d.ended + interval '4 hours' AND v.id <> d.id
    ORDER BY v.ended LIMIT 1
) after ON true
CROSS JOIN LATERAL (  -- a photo's place is in the datum of the log's
    SELECT coalesce(json_agg(json_build_object(
               'sha256', r.value ->> 'sha256',
               'taken', to_timestamp((r.value ->> 'taken')::bigint / 1000.0) + d.behind,
               'lon', (r.value ->> 'lon')::float8 + d.lon - d.raw_lon,
               'lat', (r.value ->> 'lat')::float8 + d.lat - d.raw_lat,
               'says_at', x.at, 'says_lon', x.lon, 'says_lat', x.lat,
               'used', (SELECT o.id FROM photo_use o
                        WHERE o.district = d.district AND o.sha256 = r.value ->> 'sha256' AND o.ended < d.ended
                          AND (o.premises_id <> d.premises_id OR o.ended < d.started - interval '12 hours')
                        ORDER BY o.ended LIMIT 1))), '[]') AS found
    FROM jsonb_array_elements(d.photos) r
    LEFT JOIN photo_exif x ON x.district = d.district AND x.sha256 = r.value ->> 'sha256'
    WHERE (r.value ->> 'taken')::bigint BETWEEN 0 AND 4102444800000  -- the year 2100
) pictures
CROSS JOIN LATERAL (
    SELECT coalesce(json_agg(json_build_object('worker_id', near.worker_id, 'minutes', w.minutes, 'near', w.near,
                                               'apart_m', w.apart_m)), '[]') AS found
    FROM (SELECT DISTINCT v.worker_id FROM visit_evidence v
          WHERE v.district = d.district AND v.grid_id = d.grid_id AND v.worker_id <> d.worker_id
            AND v.ended > d.started - interval '20 minutes' AND v.ended < d.ended + interval '20 minutes'
            AND abs(v.lon - d.lon) < 0.004 AND abs(v.lat - d.lat) < 0.004
          ORDER BY v.worker_id LIMIT 20) near  -- of a crowd some are enough: ingest waits for this
    CROSS JOIN LATERAL (
        SELECT count(*) AS minutes, coalesce(max(m), 0) AS apart_m,
               count(*) FILTER (WHERE m <= 25 + least(off_m, 40)) AS near
        FROM (SELECT 111195 * sqrt((mine.lat - theirs.lat) ^ 2
                                   + ((mine.lon - theirs.lon) * cos(radians(mine.lat))) ^ 2) AS m,
                     mine.off_m + theirs.off_m AS off_m
              FROM (SELECT DISTINCT ON (date_trunc('minute', at)) date_trunc('minute', at) AS minute, lon, lat,
                           coalesce(accuracy_m, 20) AS off_m
                    FROM ping WHERE district = d.district AND worker_id = d.worker_id
                      AND ts BETWEEN d.started - d.behind - interval '1 hour' AND d.ended - d.behind + interval '1 hour'
                      AND extract(second FROM at) < 20
                    ORDER BY date_trunc('minute', at), at) mine
              JOIN (SELECT DISTINCT ON (date_trunc('minute', at)) date_trunc('minute', at) AS minute, lon, lat,
                           coalesce(accuracy_m, 20) AS off_m
                    FROM ping WHERE district = d.district AND worker_id = near.worker_id
                      AND ts BETWEEN d.started - interval '1 hour' AND d.ended + interval '1 hour'
                      AND extract(second FROM at) < 20
                    ORDER BY date_trunc('minute', at), at) theirs USING (minute)) both_heard
    ) w
) company
CROSS JOIN LATERAL (
    SELECT coalesce(json_agg(json_build_object('kind', v.kind, 'device_id', v.device_id, 'at', v.at,
                                               'event', v.event, 'lon', v.lon, 'lat', v.lat)), '[]') AS found
    FROM (
        SELECT b.kind, b.device_id, b.at, b.event, b.lon, b.lat
        FROM device o JOIN device_event b ON b.district = o.district AND b.device_id = o.device_id
        WHERE o.district = d.district AND o.worker_id = d.worker_id AND o.kind = 'bodycam' AND b.lon IS NOT NULL
          AND b.ts BETWEEN d.started - interval '30 minutes' AND d.ended + interval '30 minutes'
          AND b.at BETWEEN d.started - interval '1 minute' AND d.ended + interval '1 minute'
        UNION ALL
        SELECT c.kind, c.device_id, c.at, c.event, o.lon, o.lat
        FROM device o JOIN device_event c ON c.district = o.district AND c.device_id = o.device_id
        WHERE o.district = d.district AND o.grid_id = d.grid_id AND o.kind = 'camera' AND c.event = 'person'
          AND abs(o.lon - d.there_lon) < 0.001 AND abs(o.lat - d.there_lat) < 0.001
          AND c.ts BETWEEN d.started - interval '1 minute' AND d.ended + interval '1 minute'
    ) v
) seen
CROSS JOIN LATERAL (  -- those of the station, and who stands above it
    SELECT coalesce(json_agg(json_build_object('worker_id', who.worker_id, 'heard', g.heard, 'near', g.near,
                                               'metres', g.metres) ORDER BY who.worker_id), '[]') AS found
    FROM worker me
    JOIN worker who ON who.district = me.district AND who.worker_id <> me.worker_id AND who.closed_at IS NULL
                   AND (d.second = 'anybody' OR who.role = d.second)
    CROSS JOIN LATERAL (SELECT array_to_string((string_to_array(me.path, '/'))[:2], '/') || '/' AS path) station
    CROSS JOIN LATERAL (
        SELECT count(*) AS heard, min(m) AS metres, count(*) FILTER (WHERE m <= 120 + least(off_m, 60)) AS near
        FROM (SELECT 111195 * sqrt((lat - d.lat) ^ 2 + ((lon - d.lon) * cos(radians(d.lat))) ^ 2) AS m,
                     coalesce(accuracy_m, 20) AS off_m
              FROM ping WHERE district = d.district AND worker_id = who.worker_id
                AND ts BETWEEN d.started - interval '1 minute' AND d.ended + interval '1 minute') theirs
    ) g
    WHERE d.second IS NOT NULL AND me.district = d.district AND me.worker_id = d.worker_id AND g.heard > 0
      AND (starts_with(who.path || '/', station.path) OR starts_with(station.path, who.path || '/'))
) along
LEFT JOIN LATERAL (
    SELECT r.at
    FROM device o JOIN receipt r ON r.district = o.district AND r.device_id = o.device_id
    WHERE o.district = d.district AND o.worker_id = d.worker_id AND o.kind = 'printer'
      AND r.ts BETWEEN d.started - interval '1 day' AND d.ended + interval '1 day'
      AND scoped.is_paper_of(r.inspection_id, r.number, r.at, d.id, d.receipt_no, d.started, d.ended) IS NOT NULL
    ORDER BY abs(extract(epoch FROM r.at - d.ended)) LIMIT 1
) paper ON true;
