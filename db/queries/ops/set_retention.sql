-- Let facts of a kind be kept so long (null: for ever) from a day on.
INSERT INTO retention AS r (relation, keep, valid_from, actor)
VALUES (%(relation)s, %(keep)s, %(valid_from)s, %(actor)s)
ON CONFLICT (relation, valid_from) DO UPDATE SET keep = EXCLUDED.keep, actor = EXCLUDED.actor, set_at = now();
