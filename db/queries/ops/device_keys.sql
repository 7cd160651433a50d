-- All keys, the newest of each place first, with whether the place is still registered and when it was last heard.
SELECT k.district, k.kind, k.device_id, k.way, k.issued_at, k.issued_by, k.expires_at, k.revoked_at, k.revoked_by,
       coalesce(w.closed_at, d.closed_at, p.closed_at) IS NULL AS registered, coalesce(ws.last_seen, ds.last_seen) AS heard_at
FROM device_key k
LEFT JOIN worker w ON k.kind = 'worker' AND w.district = k.district AND w.worker_id = k.device_id
LEFT JOIN worker_state ws ON k.kind = 'worker' AND ws.district = k.district AND ws.worker_id = k.device_id
LEFT JOIN department p ON k.kind = 'department' AND p.district = k.district AND p.department_id = k.device_id
LEFT JOIN device d ON k.kind = d.kind AND d.district = k.district AND d.device_id = k.device_id
LEFT JOIN device_state ds ON ds.district = d.district AND ds.device_id = d.device_id
WHERE %(revoked)s OR k.revoked_at IS NULL
ORDER BY k.district, k.kind, k.device_id, k.issued_at DESC;
