-- One at a time adds and changes accounts; the screen's logins wait for it.
LOCK TABLE account IN SHARE ROW EXCLUSIVE MODE;
