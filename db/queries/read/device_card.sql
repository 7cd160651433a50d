-- What device `id` is, who carries it, where it is, and since when it has been heard of or not.
SELECT d.kind, d.name, d.worker_id, w.name AS worker_name, w.name_en AS worker_name_en,
       g.name AS grid_name, g.name_en AS grid_name_en,
       coalesce(s.online AND s.last_seen > now() - interval '10 minutes', false) AS online,
       extract(epoch FROM now() - s.last_seen)::float AS age_s,
       s.last_seen AT TIME ZONE i.tz AS seen, s.event_at AT TIME ZONE i.tz AS event_time, s.battery, s.firmware, s.storage,
       s.clock_off_s, h.messages AS an_hour, coalesce(s.lon, d.lon) AS lon, coalesce(s.lat, d.lat) AS lat, d.heading_deg, g.geom,
       s.last_event, extract(epoch FROM now() - s.event_at)::float AS event_age_s
FROM device d
CROSS JOIN district_info i
LEFT JOIN device_state s USING (device_id)
LEFT JOIN device_hourly h ON h.device_id = d.device_id AND h.hour = date_trunc('hour', now(), i.tz) - interval '1 hour'
LEFT JOIN worker w USING (worker_id)
LEFT JOIN grid g ON g.grid_id = coalesce(s.grid_id, d.grid_id)
WHERE d.device_id = %(id)s;
