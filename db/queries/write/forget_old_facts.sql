-- Delete a slice of what is older than its retention, where the engine does not do it by itself.
SELECT forget_old_facts(%(slice)s) AS forgotten;
