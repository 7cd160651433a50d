-- Add a channel, or open one that there was, by its old name if none is given; it is called at once, however it fared.
INSERT INTO notify_channel AS c (district, channel, name)
VALUES (%(district)s, %(channel)s, coalesce(%(name)s::text, %(channel)s))
ON CONFLICT (district, channel) DO UPDATE SET
    name = coalesce(%(name)s::text, c.name), closed_at = NULL, tried_at = NULL, failures = 0, error = NULL;
