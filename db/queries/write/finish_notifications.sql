-- A message went out (error null) or did not: mark what was in it, giving up what has had its `tries`, and how its
-- channel fares.
WITH marked AS (
    UPDATE notification
    SET state = CASE WHEN %(error)s::text IS NULL THEN 'sent' WHEN tries >= %(tries)s THEN 'failed' ELSE 'queued' END,
        sent_at = CASE WHEN %(error)s::text IS NULL THEN now() END,
        error = %(error)s, leased_until = NULL
    WHERE district = %(district)s AND channel = %(channel)s AND state = 'sending' AND message = %(message)s
)
UPDATE notify_channel
SET tried_at = now(), failures = CASE WHEN %(error)s::text IS NULL THEN 0 ELSE failures + 1 END, error = %(error)s
WHERE district = %(district)s AND channel = %(channel)s;
