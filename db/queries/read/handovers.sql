-- The last `limit` handovers of `unit` (a path), newest first: who took it over, when, with which note; of what was open
-- then, how much they confirmed, and how much of it is open still.
SELECT h.handover_id, h.actor, h.at AT TIME ZONE d.tz AS local_time, extract(epoch FROM now() - h.at)::float AS age_s, h.note,
       cardinality(h.open) AS open, (SELECT count(*) FROM unnest(h.open) one WHERE one = ANY (h.confirmed)) AS confirmed,
       (SELECT count(*) FROM incident i WHERE i.ended_at IS NULL AND i.incident_id = ANY (h.open)) AS still
FROM handover h CROSS JOIN district_info d
WHERE h.path = %(unit)s
ORDER BY h.at DESC, h.handover_id
LIMIT %(limit)s;
