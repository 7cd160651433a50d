-- Whose names of foreign protocols are, of every district.
SELECT n.decoder, n.name, n.district, n.kind, n.device_id, coalesce(n.tz, d.tz) AS tz, n.datum, n.key, n.reply_to
FROM foreign_name n JOIN district d USING (district)
WHERE n.closed_at IS NULL;
