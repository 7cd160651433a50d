-- What a preview came to; without figures it failed.
UPDATE preview SET state = CASE WHEN %(alerts)s::integer IS NULL THEN 'failed' ELSE 'done' END, done = 1,
    value_now = %(value_now)s, alerts = %(alerts)s, alerts_now = %(alerts_now)s, share = %(share)s,
    by_day = %(by_day)s::jsonb, finished_at = now()
WHERE district = %(district)s AND preview_id = %(preview_id)s;
