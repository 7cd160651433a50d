-- Mark orders as carried out or refused.
UPDATE command c SET state = r.state, reason = r.reason, finished_at = now()
FROM json_to_recordset(%(rows)s::json) AS r(district integer, command_id text, state text, reason text)
WHERE c.district = r.district AND c.command_id = r.command_id;
