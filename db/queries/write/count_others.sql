-- Count the messages of types that no decoder has words for, and keep the latest of each: of each device some 200 types,
-- all others of it together as one.
WITH heard AS MATERIALIZED (
    SELECT r.district, r.decoder, r.name, r.received_at, r.topic, r.payload,
           CASE WHEN o.type IS NULL AND (SELECT count(*) FROM other_message k
                                         WHERE (k.district, k.decoder, k.name) = (r.district, r.decoder, r.name)) >= 200
                THEN '…' ELSE r.type END AS type
    FROM json_to_recordset(%(rows)s::json) AS r(
        district integer, decoder text, name text, type text, received_at timestamptz, topic text, payload text)
    LEFT JOIN other_message o USING (district, decoder, name, type)
), said AS (
    SELECT DISTINCT ON (district, decoder, name, type) district, decoder, name, type, received_at, topic,
           decode(payload, 'base64') AS payload, count(*) OVER whole AS messages, min(received_at) OVER whole AS first_at
    FROM heard
    WINDOW whole AS (PARTITION BY district, decoder, name, type)
    ORDER BY district, decoder, name, type, received_at DESC
)
INSERT INTO other_message AS o (district, decoder, name, type, messages, first_at, last_at, topic, payload)
SELECT district, decoder, name, type, messages, first_at, received_at, topic, payload FROM said
ON CONFLICT (district, decoder, name, type) DO UPDATE SET
    messages = o.messages + EXCLUDED.messages, last_at = EXCLUDED.last_at, topic = EXCLUDED.topic,
    payload = EXCLUDED.payload;
