-- Count the messages of types that no decoder has words for, and keep the latest of each.
WITH said AS (
    SELECT DISTINCT ON (district, decoder, name, type) district, decoder, name, type, received_at, topic,
           decode(payload, 'base64') AS payload, count(*) OVER whole AS messages, min(received_at) OVER whole AS first_at
    FROM json_to_recordset(%(rows)s::json) AS r(
        district integer, decoder text, name text, type text, received_at timestamptz, topic text, payload text)
    WINDOW whole AS (PARTITION BY district, decoder, name, type)
    ORDER BY district, decoder, name, type, received_at DESC
)
INSERT INTO other_message AS o (district, decoder, name, type, messages, first_at, last_at, topic, payload)
SELECT district, decoder, name, type, messages, first_at, received_at, topic, payload FROM said
ON CONFLICT (district, decoder, name, type) DO UPDATE SET
    messages = o.messages + EXCLUDED.messages, last_at = EXCLUDED.last_at, topic = EXCLUDED.topic,
    payload = EXCLUDED.payload;
