-- An address that somebody wants to have here, until they have proven it by a link; and the one before, which is told of it. Whoever
-- can write here can take over the address of another's account, and with it their password.
create table address_change (
  account    text primary key references account (id) on delete cascade,
  email      text not null check (email = lower(email)),
  previous   text,
  token_hash bytea unique,
  expires_at timestamptz not null,
  done_at    timestamptz
);
create index address_change_expires on address_change (expires_at);
comment on column address_change.account is 'operational';
comment on column address_change.email is 'contact';
comment on column address_change.previous is 'contact';
comment on column address_change.token_hash is 'secret';
comment on column address_change.expires_at is 'operational';
comment on column address_change.done_at is 'operational';
