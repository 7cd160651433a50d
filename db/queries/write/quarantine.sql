-- Keep what was said by those who are registered nowhere, and who they are; of each at most 10,000 messages and
-- 64 MiB, the first.
WITH said AS MATERIALIZED (
    SELECT district, decoder, name, id, received_at, topic, decode(payload, 'base64') AS payload, retain
    FROM json_to_recordset(%(rows)s::json) AS r(
        district integer, decoder text, name text, id text, received_at timestamptz, topic text, payload text,
        retain boolean)
), known AS (
    INSERT INTO stranger AS s (district, decoder, name, topic, first_at, last_at, messages, bytes)
    SELECT district, decoder, name, (array_agg(topic ORDER BY received_at DESC))[1], min(received_at), max(received_at),
           count(*), sum(length(payload))
    FROM said GROUP BY district, decoder, name
    ON CONFLICT (district, decoder, name) DO UPDATE SET
        topic = EXCLUDED.topic, first_at = least(s.first_at, EXCLUDED.first_at),
        last_at = greatest(s.last_at, EXCLUDED.last_at), messages = s.messages + EXCLUDED.messages,
        bytes = s.bytes + EXCLUDED.bytes
    RETURNING district, decoder, name, messages, bytes
)
INSERT INTO quarantine (district, decoder, name, id, received_at, topic, payload, retain)
SELECT s.*
FROM said s JOIN known k USING (district, decoder, name)
WHERE k.messages <= 10000 AND k.bytes <= 67108864
ON CONFLICT DO NOTHING;
