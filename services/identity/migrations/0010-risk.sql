-- What speaks against an account for longer than a moment: its password was seen in a breach, a refresh token of it was shown twice.
-- Whoever can write here can make sign-ins look more or less dangerous than they are.
create table risk_mark (
  account text not null references account (id) on delete cascade,
  kind    text not null check (kind in ('breached-password', 'refresh-reuse')),
  at      timestamptz not null,
  primary key (account, kind)
);
comment on column risk_mark.account is 'operational';
comment on column risk_mark.kind is 'operational';
comment on column risk_mark.at is 'operational';

-- What those who look after the house should see. One line for each kind and person (or network) until it is resolved. Whoever can
-- write here can hide an attack, or cry wolf.
create table security_alert (
  id          text primary key,
  kind        text not null check (kind in ('unusual-sign-in', 'blocked-sign-in', 'breached-password', 'refresh-reuse', 'many-tries', 'many-accounts')),
  severity    text not null check (severity in ('low', 'medium', 'high')),
  account     text references account (id) on delete cascade,
  network     text,
  signals     text[] not null,
  first_seen  timestamptz not null,
  last_seen   timestamptz not null,
  count       integer not null default 1,
  state       text not null default 'open' check (state in ('open', 'resolved')),
  resolved_at timestamptz,
  resolved_by text,
  reason      text,
  check (account is not null or network is not null),
  check ((state = 'resolved') = (resolved_at is not null and resolved_by is not null and reason is not null))
);
create unique index security_alert_open on security_alert (kind, (coalesce(account, network))) where state = 'open';
create index security_alert_same on security_alert (kind, (coalesce(account, network)), last_seen desc);
create index security_alert_state on security_alert (state, id desc);
create index security_alert_account on security_alert (account) where account is not null;
comment on column security_alert.id is 'operational';
comment on column security_alert.kind is 'operational';
comment on column security_alert.severity is 'operational';
comment on column security_alert.account is 'operational';
comment on column security_alert.network is 'contact';
comment on column security_alert.signals is 'operational';
comment on column security_alert.first_seen is 'operational';
comment on column security_alert.last_seen is 'operational';
comment on column security_alert.count is 'operational';
comment on column security_alert.state is 'operational';
comment on column security_alert.resolved_at is 'operational';
comment on column security_alert.resolved_by is 'operational';
comment on column security_alert.reason is 'operational';

-- To whom an alert is to be told, and whether it was. Whoever can write here can keep one from being told.
create table security_alert_delivery (
  alert        text not null references security_alert (id) on delete cascade,
  sink         text not null,
  asked_at     timestamptz not null,
  delivered_at timestamptz,
  primary key (alert, sink)
);
create index security_alert_delivery_waiting on security_alert_delivery (asked_at) where delivered_at is null;
comment on column security_alert_delivery.alert is 'operational';
comment on column security_alert_delivery.sink is 'operational';
comment on column security_alert_delivery.asked_at is 'operational';
comment on column security_alert_delivery.delivered_at is 'operational';

-- Who came from one network lately, and when somebody last came in: asked at every sign-in.
create index login_event_network on login_event (network, at desc);
create index login_event_in on login_event (account, at desc) where result = 'in';
