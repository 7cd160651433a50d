-- Where the workers `ids` were known at an instant to have come from in the ten minutes before: one position in twenty
-- seconds, `limit` at most.
SELECT t.worker_id, t.lon, t.lat
FROM trails_then(%(at)s, %(ids)s) t
ORDER BY t.worker_id, t.at
LIMIT %(limit)s;
