-- The first day of which all evidence is still there; null: of every day.
SELECT (max(until) AT TIME ZONE %(tz)s)::date + 1 AS day FROM evidence_gone WHERE district = %(district)s;
