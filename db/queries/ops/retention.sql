-- How many days facts of each kind are kept (null: for ever): the rule in force, and those to come.
SELECT r.relation, (extract(epoch FROM r.keep) / 86400)::integer AS days, r.valid_from, r.actor, r.valid_from <= t.today AS in_force,
       (extract(epoch FROM k.at_least) / 86400)::integer AS at_least
FROM retention r JOIN retained k USING (relation)
CROSS JOIN (SELECT coalesce((SELECT min((now() AT TIME ZONE d.tz)::date) FROM district d), current_date) AS today) t
WHERE r.valid_from >= coalesce((SELECT max(o.valid_from) FROM retention o
                                WHERE o.relation = r.relation AND o.valid_from <= t.today), '-infinity')
ORDER BY r.relation, r.valid_from;
