-- That somebody asks for what a role may do in an emergency, and that they have it, is told like everything else that should be seen at once.
-- The rows that are there keep to the wider rule: they are not read again.
alter table security_alert drop constraint security_alert_kind_check;
alter table security_alert add constraint security_alert_kind_check check (kind in ('unusual-sign-in', 'blocked-sign-in', 'breached-password', 'refresh-reuse', 'many-tries', 'many-accounts', 'factor-shut', 'mail-held-back', 'account-paused', 'emergency-access')) not valid;
