-- A letter is known by the job whose work it is: two that say the same are two, and the tries of one are one line.
alter table delivery add column job text;
create unique index delivery_job on delivery (job, channel, address);
comment on column delivery.job is 'operational';

-- Nothing is held back for ever: a mailbox that was full is tried again, and each time that it is not yet well the wait is longer. A row
-- that is over or lifted stays for a while, so that a late word from before the lift holds nothing back. The version before, which
-- may still run, names neither column: what it holds back ends after a day.
alter table mail_suppression add column account text references account (id) on delete cascade;
alter table mail_suppression add column times integer not null default 1;
alter table mail_suppression add column ends_at timestamptz not null default now() + interval '1 day';
alter table mail_suppression add column lifted_at timestamptz;
update mail_suppression set account = (select id from account where account.email = mail_suppression.address),
                            ends_at = case when reason = 'complained' then since + interval '365 days' else ends_at end;
create index mail_suppression_account on mail_suppression (account) where account is not null;
comment on column mail_suppression.account is 'operational';
comment on column mail_suppression.times is 'operational';
comment on column mail_suppression.ends_at is 'operational';
comment on column mail_suppression.lifted_at is 'operational';

-- That somebody is not reached by mail any more is for those who look after the house to see.
alter table security_alert drop constraint security_alert_kind_check;
alter table security_alert add constraint security_alert_kind_check check (kind in ('unusual-sign-in', 'blocked-sign-in', 'breached-password', 'refresh-reuse', 'many-tries', 'many-accounts', 'factor-shut', 'mail-held-back'));
