-- Take queued orders, oldest first; they stay ours until the transaction ends. Equally old ones come in
-- any order: an import queues a hundred thousand at one instant, and to sort them would cost more than to
-- carry them out.
SELECT district, command_id, kind, payload, actor, queued_at
FROM command
WHERE district = %(district)s AND state = 'queued'
ORDER BY queued_at
LIMIT %(limit)s
FOR UPDATE SKIP LOCKED;
