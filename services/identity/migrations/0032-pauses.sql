-- An account of which somebody has to wait after too many wrong tries: since when its owner has been told of it, which is once a day at
-- most however often it happens, and when it happened last, for their own page. Whoever can write here can keep such a letter back.
create table account_pause (
  account   text primary key references account (id) on delete cascade,
  paused_at timestamptz not null,
  told_at   timestamptz not null
);
comment on column account_pause.account is 'operational';
comment on column account_pause.paused_at is 'operational';
comment on column account_pause.told_at is 'operational';

-- Told like everything else that looks dangerous. The rows that are there keep to the wider rule: they are not read again.
alter table security_alert drop constraint security_alert_kind_check;
alter table security_alert add constraint security_alert_kind_check check (kind in ('unusual-sign-in', 'blocked-sign-in', 'breached-password', 'refresh-reuse', 'many-tries', 'many-accounts', 'factor-shut', 'mail-held-back', 'account-paused')) not valid;
