-- Mark orders as carried out or refused. What is secret in one is where it belongs by then, or belongs nowhere.
UPDATE command c
SET state = r.state, reason = r.reason, finished_at = now(),
    payload = CASE WHEN jsonb_typeof(c.payload) = 'object' AND c.payload ?| '{password,key}'
                   THEN c.payload - '{password,key}'::text[] ELSE c.payload END
FROM json_to_recordset(%(rows)s::json) AS r(district integer, command_id text, state text, reason text)
WHERE c.district = r.district AND c.command_id = r.command_id;
