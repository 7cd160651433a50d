-- Write down whose track each of the looks `rows` showed: of everybody who visited for a task, of a visit's worker, of a
-- worker on one day of the district, from its beginning to its end, or of all ('*') on such a day: all at or below the place
-- from which the look was asked for.
INSERT INTO track_look (district, look_id, worker_id, at, actor, about, id, since, until, place)
SELECT %(district)s, l.look_id, v.worker_id, l.at, l.actor, l.about, l.id, min(v.started), max(v.ended), c.place
FROM json_to_recordset(%(rows)s::json) AS l(look_id text, at timestamptz, actor text, about text, id text, day date)
LEFT JOIN command c ON c.district = %(district)s AND c.command_id = l.look_id
CROSS JOIN LATERAL (
    SELECT i.worker_id, i.started, i.ended FROM inspection i
    WHERE l.about = 'task' AND i.district = %(district)s AND i.task_id = l.id
    UNION ALL
    SELECT e.worker_id, e.started, e.ended FROM visit_evidence e
    WHERE l.about = 'visit' AND e.district = %(district)s
      AND e.worker_id = split_part(l.id, ':', 1) AND e.id = split_part(l.id, ':', 2)
    UNION ALL
    SELECT w.worker_id, l.day::timestamp AT TIME ZONE d.tz, (l.day + 1)::timestamp AT TIME ZONE d.tz
    FROM worker w JOIN district d USING (district)
    WHERE l.about = 'day' AND l.day IS NOT NULL AND w.district = %(district)s
      AND w.worker_id = split_part(l.id, ':', 1)
    UNION ALL
    SELECT '*', l.day::timestamp AT TIME ZONE d.tz, (l.day + 1)::timestamp AT TIME ZONE d.tz
    FROM district d
    WHERE l.about = 'room' AND l.day IS NOT NULL AND d.district = %(district)s) v
GROUP BY l.look_id, v.worker_id, l.at, l.actor, l.about, l.id, c.place
ON CONFLICT DO NOTHING
RETURNING look_id;
