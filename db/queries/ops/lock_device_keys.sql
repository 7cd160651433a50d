-- One at a time issues and revokes: the broker's files are written from what the last one left.
LOCK TABLE device_key IN SHARE ROW EXCLUSIVE MODE;
