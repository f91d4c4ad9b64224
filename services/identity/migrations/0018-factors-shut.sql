-- A factor that a hundred wrong tries in a row have shut is told like everything else that looks dangerous. The rows that are there keep
-- to the wider rule, so they are not read again: the lock is held for a moment, and the version before writes on.
alter table security_alert drop constraint security_alert_kind_check;
alter table security_alert add constraint security_alert_kind_check check (kind in ('unusual-sign-in', 'blocked-sign-in', 'breached-password', 'refresh-reuse', 'many-tries', 'many-accounts', 'factor-shut')) not valid;
