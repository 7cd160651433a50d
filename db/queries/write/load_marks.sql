-- Until when the rules that look at each fact once have looked at the district's, and when they did.
SELECT rule, until, looked_at FROM rule_mark WHERE district = %(district)s;
