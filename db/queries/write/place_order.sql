-- Queue an order and wake ingest. The same id again changes nothing.
WITH placed AS (
    INSERT INTO scoped.order_box (district, command_id, kind, payload, actor)
    VALUES (%(district)s, %(command_id)s, %(kind)s, %(payload)s::jsonb, %(actor)s)
    ON CONFLICT DO NOTHING
)
SELECT pg_notify('gridward_command', %(district)s::text);
