-- Close a channel; what waits for it is given up.
WITH gone AS (
    UPDATE notification SET state = 'failed', error = 'closed'
    WHERE district = %(district)s AND channel = %(channel)s AND state IN ('queued', 'sending')
)
UPDATE notify_channel SET closed_at = now() WHERE district = %(district)s AND channel = %(channel)s;
