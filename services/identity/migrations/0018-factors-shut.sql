-- A factor that a hundred wrong tries in a row have shut is told like everything else that looks dangerous. The rows that are there keep
-- to the wider rule, so they are not read again: the lock is held for a moment, and the version before writes on.
alter table security_alert drop constraint security_alert_kind_check;
alter table security_alert add constraint security_alert_kind_check check (kind in ('unusual-sign-in', 'blocked-sign-in', 'breached-password', 'refresh-reuse', 'many-tries', 'many-accounts', 'factor-shut')) not valid;

-- What 0014 does not say, and cannot any more because it has been applied: `set unlogged` takes an exclusive lock and writes the table
-- anew, so while it runs every try at a sign-in of the version before waits. The table holds the tries of a quarter of an hour and is
-- swept every minute. Whoever has not come past 0014 and is under attack right then empties `guess` before: what it holds is worth no
-- more than those minutes.
