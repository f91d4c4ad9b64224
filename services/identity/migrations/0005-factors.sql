-- One counter for every factor: what was tried against one account (or an address that is none) from one place, hashed. Whoever
-- can write here can lock people out for a while, or guess without being slowed.
alter table password_failure rename to guess;
alter index password_failure_ends rename to guess_ends;

-- Wrong tries in a row against one factor of one account, from places that are not known to it. At the limit the factor opens
-- nothing from there until its owner has come in another way. Whoever can write here can guess on, or shut a factor.
create table factor_failure (
  account  text not null references account (id) on delete cascade,
  factor   text not null,
  in_a_row integer not null,
  primary key (account, factor)
);
comment on column factor_failure.account is 'operational';
comment on column factor_failure.factor is 'operational';
comment on column factor_failure.in_a_row is 'operational';

-- A sign-in under way: what has been proven so far. It is no session and opens nothing but its own next step. What it says is
-- sealed under its own token, so that reading the table tells nothing. Whoever can write here can end sign-ins.
create table sign_in_attempt (
  token_hash bytea primary key,
  sealed     bytea not null,
  expires_at timestamptz not null
);
create index sign_in_attempt_expires on sign_in_attempt (expires_at);
comment on column sign_in_attempt.token_hash is 'secret';
comment on column sign_in_attempt.sealed is 'secret';
comment on column sign_in_attempt.expires_at is 'operational';

-- Authenticator applications (RFC 6238). The secret is sealed under a key derived from the service key; without a date of
-- confirmation it asks nobody for anything yet. Whoever can write here can turn the second step off.
create table totp (
  account      text primary key references account (id) on delete cascade,
  sealed       bytea not null,
  last_step    bigint not null default 0,
  created_at   timestamptz not null,
  confirmed_at timestamptz
);
comment on column totp.account is 'operational';
comment on column totp.sealed is 'secret';
comment on column totp.last_step is 'operational';
comment on column totp.created_at is 'operational';
comment on column totp.confirmed_at is 'operational';

-- Recovery codes that have not been used, under a keyed hash. Whoever can write here and knows that key can make one.
create table recovery_code (
  account   text not null references account (id) on delete cascade,
  code_hash bytea not null,
  primary key (account, code_hash)
);
comment on column recovery_code.account is 'operational';
comment on column recovery_code.code_hash is 'secret';

-- Passkeys: public keys and what their owners call them. Whoever can write here can sign in as anybody with a key of their own.
create table passkey (
  id         text primary key,
  account    text not null references account (id) on delete cascade,
  public_key bytea not null,
  counter    bigint not null,
  transports text[] not null,
  name       text not null,
  synced     boolean not null,
  created_at timestamptz not null,
  used_at    timestamptz
);
create index passkey_account on passkey (account);
comment on column passkey.id is 'operational';
comment on column passkey.account is 'operational';
comment on column passkey.public_key is 'operational';
comment on column passkey.counter is 'operational';
comment on column passkey.transports is 'operational';
comment on column passkey.name is 'contact';
comment on column passkey.synced is 'operational';
comment on column passkey.created_at is 'operational';
comment on column passkey.used_at is 'operational';

-- Questions to passkeys that have been answered: each once. Whoever can delete here can answer one again within its minutes.
create table passkey_challenge (
  challenge  text primary key,
  expires_at timestamptz not null
);
create index passkey_challenge_expires on passkey_challenge (expires_at);
comment on column passkey_challenge.challenge is 'secret';
comment on column passkey_challenge.expires_at is 'operational';

-- Who came, or tried to, when and how. For an address that is no account of ours no account stands here, and the address neither:
-- it may be a password in the wrong field. Whoever can write here can hide that somebody was here.
create table login_event (
  id      text primary key,
  at      timestamptz not null,
  account text references account (id) on delete cascade,
  method  text not null,
  result  text not null check (result in ('in', 'step', 'refused')),
  reason  text,
  network text not null,
  device  text not null,
  is_new  boolean not null default false
);
create index login_event_at on login_event (at desc);
create index login_event_account on login_event (account, at desc);
comment on column login_event.id is 'operational';
comment on column login_event.at is 'operational';
comment on column login_event.account is 'operational';
comment on column login_event.method is 'operational';
comment on column login_event.result is 'operational';
comment on column login_event.reason is 'operational';
comment on column login_event.network is 'contact';
comment on column login_event.device is 'contact';
comment on column login_event.is_new is 'operational';

-- A device that its owner has asked us to remember: idleness does not end its session (an administrator's it still does).
alter table session add column remembered boolean not null default false;
comment on column session.remembered is 'operational';

-- A link by which somebody signs in, beside those that begin or recover a password.
alter table mailed_link drop constraint mailed_link_purpose_check;
alter table mailed_link add constraint mailed_link_purpose_check check (purpose in ('activation', 'recovery', 'sign-in'));

-- Passwords of before, for the rule books that refuse them. Whoever can read here has what to guess at.
create table password_before (
  account    text not null references account (id) on delete cascade,
  phc        text not null,
  changed_at timestamptz not null
);
create index password_before_account on password_before (account, changed_at desc);
comment on column password_before.account is 'operational';
comment on column password_before.phc is 'secret';
comment on column password_before.changed_at is 'operational';
