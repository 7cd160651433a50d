-- Keep a message that was not understood.
INSERT INTO rejected_message (district, received_at, topic, reason, payload, bytes)
VALUES (%(district)s, %(received_at)s, %(topic)s, %(reason)s, %(payload)s, %(bytes)s);
