-- Where devices of foreign protocols listen, as they were heard last.
UPDATE foreign_name n SET reply_to = r.reply_to
FROM json_to_recordset(%(rows)s::json) AS r(decoder text, name text, reply_to text)
WHERE n.decoder = r.decoder AND n.name = r.name AND n.closed_at IS NULL AND n.reply_to IS DISTINCT FROM r.reply_to;
