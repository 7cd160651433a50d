-- Queue many orders at once and wake ingest. One whose id is there already changes nothing.
WITH placed AS (
    INSERT INTO scoped.order_box (district, command_id, kind, payload, actor)
    SELECT %(district)s, command_id, kind, payload, %(actor)s
    FROM json_to_recordset(%(orders)s::json) AS r (command_id text, kind text, payload jsonb)
    ON CONFLICT DO NOTHING
)
SELECT pg_notify('gridward_command', %(district)s::text);
