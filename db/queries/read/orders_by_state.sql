-- How far these orders have come, and why some were refused.
SELECT state, reason, count(*) AS n FROM command WHERE command_id = ANY (%(ids)s::text[]) GROUP BY 1, 2 ORDER BY 1, 2;
