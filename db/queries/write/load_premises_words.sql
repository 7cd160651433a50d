-- What is registered of some premises in words: name, category, business scope, tags.
SELECT premises_id, concat_ws(' ', name, category, business_scope, array_to_string(tags, ' ')) AS words
FROM premises WHERE district = %(district)s AND premises_id = ANY(%(ids)s);
