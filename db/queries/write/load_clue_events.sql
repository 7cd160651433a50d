-- All that has happened to some clues.
SELECT district, clue_id, at, event, actor, cause, params, state, irregular
FROM clue_event WHERE district = %(district)s AND clue_id = ANY(%(ids)s);
