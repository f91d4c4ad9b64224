-- Which codes by mail or text message an account asks for as its second step. Whoever can write here can turn that off.
create table mailed_code_factor (
  account text not null references account (id) on delete cascade,
  channel text not null check (channel in ('mail', 'sms')),
  since   timestamptz not null,
  primary key (account, channel)
);
comment on column mailed_code_factor.account is 'operational';
comment on column mailed_code_factor.channel is 'operational';
comment on column mailed_code_factor.since is 'operational';

-- The telephone that a code has reached, in E.164. It is kept beside account.phone, which its owner may change without a fresh
-- proof: codes go where they were proven to arrive. Whoever can write here can receive another's codes.
create table proven_phone (
  account   text primary key references account (id) on delete cascade,
  phone     text not null check (phone ~ '^\+[1-9][0-9]{6,14}$'),
  proven_at timestamptz not null
);
comment on column proven_phone.account is 'operational';
comment on column proven_phone.phone is 'contact';
comment on column proven_phone.proven_at is 'operational';

-- One code under way for each who asks (a sign-in, or a session that proves a telephone) and channel, under a keyed hash; null
-- when it was used. The row outlives its code, because what was tried is counted here and asking again must not forget it.
-- Whoever can write here can guess on; to make a code that works they need the key as well.
create table mailed_code (
  asker_hash bytea not null,
  channel    text not null check (channel in ('mail', 'sms')),
  account    text not null references account (id) on delete cascade,
  code_hash  bytea,
  tried      integer not null default 0,
  expires_at timestamptz not null,
  ends_at    timestamptz not null,
  primary key (asker_hash, channel)
);
create index mailed_code_account on mailed_code (account);
create index mailed_code_ends on mailed_code (ends_at);
comment on column mailed_code.asker_hash is 'secret';
comment on column mailed_code.channel is 'operational';
comment on column mailed_code.account is 'operational';
comment on column mailed_code.code_hash is 'secret';
comment on column mailed_code.tried is 'operational';
comment on column mailed_code.expires_at is 'operational';
comment on column mailed_code.ends_at is 'operational';

-- How many codes were sent in this hour, by account and channel. Whoever can write here can send on, at our cost.
create table mailed_code_sent (
  account text not null references account (id) on delete cascade,
  channel text not null check (channel in ('mail', 'sms')),
  sent    integer not null,
  ends_at timestamptz not null,
  primary key (account, channel)
);
create index mailed_code_sent_ends on mailed_code_sent (ends_at);
comment on column mailed_code_sent.account is 'operational';
comment on column mailed_code_sent.channel is 'operational';
comment on column mailed_code_sent.sent is 'operational';
comment on column mailed_code_sent.ends_at is 'operational';
