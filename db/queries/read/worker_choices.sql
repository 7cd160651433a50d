-- The workers and officers that there are, by name.
SELECT worker_id, name, name_en FROM worker WHERE closed_at IS NULL ORDER BY name, worker_id;
