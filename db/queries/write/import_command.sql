-- Place the orders that an import holds; one placed before is left as it is.
INSERT INTO command (district, command_id, kind, payload, actor)
SELECT %(district)s, command_id, kind, payload, 'import'
FROM json_to_recordset(%(rows)s::json) AS r(command_id text, kind text, payload jsonb)
ON CONFLICT DO NOTHING;
