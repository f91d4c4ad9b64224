-- Whom tokens of another issuer speak for. It is no way to sign in: what such a token may do is look at what is one's own. Whoever
-- can write here can look as anybody, with an account of their own at an issuer that is trusted.
create table outside_identity (
  id           text primary key,
  issuer       text not null,
  subject      text not null,
  account      text not null references account (id) on delete cascade,
  linked_by    text not null check (linked_by in ('claim', 'owner', 'operator')),
  linked_at    timestamptz not null,
  -- Taken away by its person or the office. The row stays, so that no claim brings it back.
  removed_at   timestamptz,
  -- Everything given for a sign-in before this is over; the round is part of the session that tokens name.
  not_before   timestamptz,
  round        integer not null default 0,
  signed_in_at timestamptz,
  unique (issuer, subject)
);
create unique index outside_identity_account on outside_identity (account, issuer) where removed_at is null;
comment on column outside_identity.id is 'operational';
comment on column outside_identity.issuer is 'operational';
comment on column outside_identity.subject is 'proof';
comment on column outside_identity.account is 'operational';
comment on column outside_identity.linked_by is 'operational';
comment on column outside_identity.linked_at is 'operational';
comment on column outside_identity.removed_at is 'operational';
comment on column outside_identity.not_before is 'operational';
comment on column outside_identity.round is 'operational';
comment on column outside_identity.signed_in_at is 'operational';

-- What became of each letter and text message. Its words do not lie here: neither links nor codes. Whoever can write here can hide that
-- something did not arrive.
create table delivery (
  id         text primary key,
  channel    text not null check (channel in ('mail', 'sms')),
  account    text references account (id) on delete cascade,
  address    text not null,
  subject    text,
  state      text not null check (state in ('sending', 'sent', 'failed', 'refused', 'suppressed', 'deferred', 'delivered', 'bounced', 'dropped', 'complained')),
  reason     text,
  tries      integer not null default 1,
  began_at   timestamptz not null,
  changed_at timestamptz not null,
  event_at   timestamptz
);
create index delivery_began on delivery (began_at);
create index delivery_address on delivery (address, began_at desc);
create index delivery_account on delivery (account, id desc) where account is not null;
comment on column delivery.id is 'operational';
comment on column delivery.channel is 'operational';
comment on column delivery.account is 'operational';
comment on column delivery.address is 'contact';
comment on column delivery.subject is 'contact';
comment on column delivery.state is 'operational';
comment on column delivery.reason is 'operational';
comment on column delivery.tries is 'operational';
comment on column delivery.began_at is 'operational';
comment on column delivery.changed_at is 'operational';
comment on column delivery.event_at is 'operational';

-- Mailboxes that nothing is sent to any more, because it came back or its owner called it unwanted. Whoever can write here can keep
-- somebody from hearing that their password was changed.
create table mail_suppression (
  address  text primary key check (address = lower(address)),
  reason   text not null check (reason in ('bounced', 'complained', 'invalid')),
  detail   text,
  since    timestamptz not null
);
create index mail_suppression_since on mail_suppression (since);
comment on column mail_suppression.address is 'contact';
comment on column mail_suppression.reason is 'operational';
comment on column mail_suppression.detail is 'operational';
comment on column mail_suppression.since is 'operational';
