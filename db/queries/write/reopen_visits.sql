-- Something late was heard of these workers, about the times from `since` until `until`: their visits around these are
-- to be weighed again.
UPDATE visit_evidence e SET due_at = %(now)s::timestamptz + interval '1 minute'
FROM json_to_recordset(%(rows)s::json) AS late(worker_id text, since timestamptz, until timestamptz)
WHERE e.district = %(district)s AND e.worker_id = late.worker_id AND e.due_at IS NULL
  AND e.ended > late.since - %(around)s::interval AND e.ended < late.until + interval '1 day'
  AND e.started < late.until + %(around)s::interval;
