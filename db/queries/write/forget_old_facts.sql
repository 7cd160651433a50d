-- Delete a slice of what is older than the rules in force at `now` keep it: facts, where the engine does not do it by itself,
-- and evidence, which is looked at row by row.
SELECT forget_old_facts(%(slice)s, %(now)s) + forget_evidence(%(slice)s / 10, %(now)s) AS forgotten;
