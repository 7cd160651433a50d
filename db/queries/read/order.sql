-- What has become of order `id`: queued, done, or refused with its reason.
SELECT command_id, state, reason FROM command WHERE command_id = %(id)s;
