-- Strangers' messages from before an instant go, and with the last of them the stranger.
WITH old AS (
    DELETE FROM quarantine WHERE received_at < %(before)s
)
DELETE FROM stranger WHERE last_at < %(before)s;
