-- What is known of premises `id`, where they are, who is responsible for them, and how much there is about them.
SELECT p.premises_id, p.name AS premises_name, p.licence_no, p.category, p.risk_grade, p.risk_registered, p.status, p.address,
       p.tags,
       p.business_scope, p.lon, p.lat, p.registered_on, p.sign, p.phone, p.closed_at AT TIME ZONE i.tz AS closed,
       p.verified_at AT TIME ZONE i.tz AS verified, p.verified_by, v.name AS verifier_name, v.name_en AS verifier_name_en,
       g.name AS grid_name, g.name_en AS grid_name_en, g.geom,
       s.name AS station_name, s.name_en AS station_name_en, who.workers, who.workers_en, who.officers, who.officers_en,
       licence_lamp(l.held, l.had, l.ends, l.today, 60) AS licence_lamp,
       (SELECT count(*) FROM task t WHERE t.premises_id = p.premises_id) AS tasks,
       (SELECT count(*) FROM inspection v WHERE v.premises_id = p.premises_id) AS visits,
       (SELECT count(*) FROM inspection v WHERE v.premises_id = p.premises_id AND coalesce(v.outcome, v.result) = 'abnormal') AS abnormal,
       (SELECT max(v.at) FROM inspection v WHERE v.premises_id = p.premises_id) AT TIME ZONE i.tz AS last_visit
FROM premises p
CROSS JOIN district_info i
LEFT JOIN licence_now l ON l.premises_id = p.premises_id
LEFT JOIN LATERAL (SELECT name, name_en, geom FROM grid WHERE grid_id = p.grid_id LIMIT 1) g ON true
LEFT JOIN LATERAL (SELECT name, name_en FROM worker WHERE worker_id = p.verified_by LIMIT 1) v ON true
LEFT JOIN org_unit s ON s.path = array_to_string((string_to_array(p.path, '/'))[:2], '/')
CROSS JOIN LATERAL (
    SELECT string_agg(w.name, '、' ORDER BY w.worker_id) FILTER (WHERE w.role = 'worker') AS workers,
           string_agg(coalesce(w.name_en, w.name), ', ' ORDER BY w.worker_id) FILTER (WHERE w.role = 'worker') AS workers_en,
           string_agg(w.name, '、' ORDER BY w.worker_id) FILTER (WHERE w.role = 'officer') AS officers,
           string_agg(coalesce(w.name_en, w.name), ', ' ORDER BY w.worker_id) FILTER (WHERE w.role = 'officer') AS officers_en
    FROM assignment a JOIN worker w USING (worker_id)
    WHERE a.grid_id = p.grid_id AND a.valid_to IS NULL AND w.closed_at IS NULL
) who
WHERE p.premises_id = %(id)s;
