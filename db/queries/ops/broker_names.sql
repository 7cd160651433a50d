-- Names of foreign protocols whose device has a key.
SELECT n.district, n.kind, n.device_id, n.decoder, n.name FROM foreign_name n
WHERE n.closed_at IS NULL
  AND EXISTS (SELECT FROM device_key k
              WHERE k.district = n.district AND k.kind = n.kind AND k.device_id = n.device_id AND k.revoked_at IS NULL)
ORDER BY n.district, n.kind, n.device_id, n.decoder, n.name;
