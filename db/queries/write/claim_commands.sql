-- Take queued orders, oldest first; they stay ours until the transaction ends.
SELECT district, command_id, kind, payload, actor, queued_at
FROM command
WHERE district = %(district)s AND state = 'queued'
ORDER BY queued_at, command_id
LIMIT %(limit)s
FOR UPDATE SKIP LOCKED;
