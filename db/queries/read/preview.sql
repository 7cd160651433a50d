-- How far preview `id` has come, and what it came to.
SELECT state, name, value, days, done, value_now, alerts, alerts_now, share, by_day FROM preview
WHERE preview_id = %(id)s;
