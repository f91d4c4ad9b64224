-- Every column is classified by its comment: contact, proof (about a person, from elsewhere), secret, operational.

-- A person known to us. Whoever can write here can be anybody, with any role.
create table account (
  id           text primary key,
  email        text unique check (email = lower(email)),
  email_proven boolean not null default false,
  name         text not null,
  phone        text,
  national_id  text unique check (national_id ~ '^[0-9]{10}$'),
  locale       text not null default 'is' check (locale in ('is', 'en')),
  status       text not null check (status in ('pending', 'active', 'suspended', 'banned')),
  roles        text[] not null default '{}',
  stamp        integer not null default 0,
  created_at   timestamptz not null default now(),
  updated_at   timestamptz not null default now()
);
comment on column account.id is 'operational';
comment on column account.email is 'contact';
comment on column account.email_proven is 'operational';
comment on column account.name is 'contact';
comment on column account.phone is 'contact';
comment on column account.national_id is 'proof';
comment on column account.locale is 'contact';
comment on column account.status is 'operational';
comment on column account.roles is 'operational';
comment on column account.stamp is 'operational';
comment on column account.created_at is 'operational';
comment on column account.updated_at is 'operational';

-- Argon2id in PHC form. Whoever can write here can sign in as anybody who has a password.
create table password (
  account    text primary key references account (id) on delete cascade,
  phc        text not null,
  changed_at timestamptz not null default now()
);
comment on column password.account is 'operational';
comment on column password.phc is 'secret';
comment on column password.changed_at is 'operational';

-- Wrong passwords by account and network, both hashed, for accounts that exist and for those that do not. Whoever can write
-- here can lock people out for a while, or guess without being slowed.
create table password_failure (
  key     bytea primary key,
  wrong   integer not null,
  ends_at timestamptz not null
);
create index password_failure_ends on password_failure (ends_at);
comment on column password_failure.key is 'operational';
comment on column password_failure.wrong is 'operational';
comment on column password_failure.ends_at is 'operational';

-- Signed-in browsers. Whoever can write here can take over a session, but not read its cookie from what lies here.
create table session (
  id         text primary key,
  token_hash bytea not null unique,
  account    text not null references account (id) on delete cascade,
  method     text not null,
  acr        text not null,
  amr        text[] not null,
  device     text not null,
  network    text not null,
  auth_time  timestamptz not null,
  started_at timestamptz not null,
  seen_at    timestamptz not null,
  ends_at    timestamptz not null,
  engine     jsonb not null default '{}'
);
create index session_account on session (account, seen_at);
create index session_ends on session (ends_at);
comment on column session.id is 'operational';
comment on column session.token_hash is 'secret';
comment on column session.account is 'operational';
comment on column session.method is 'operational';
comment on column session.acr is 'operational';
comment on column session.amr is 'operational';
comment on column session.device is 'contact';
comment on column session.network is 'contact';
comment on column session.auth_time is 'operational';
comment on column session.started_at is 'operational';
comment on column session.seen_at is 'operational';
comment on column session.ends_at is 'operational';
comment on column session.engine is 'operational';

-- The revocation feed. The head is one row, locked by whoever adds: numbers have no gaps and become visible in their order.
-- Whoever can write here can sign others out, or, by deleting in time, keep a revoked token alive for its last minutes.
create table revocation_head (
  single boolean primary key default true check (single),
  latest bigint not null
);
insert into revocation_head (latest) values (0);
create table revocation (
  seq     bigint primary key,
  subject text,
  stamp   integer,
  session text,
  at      timestamptz not null default now()
);
create index revocation_at on revocation (at);
comment on column revocation_head.single is 'operational';
comment on column revocation_head.latest is 'operational';
comment on column revocation.seq is 'operational';
comment on column revocation.subject is 'operational';
comment on column revocation.stamp is 'operational';
comment on column revocation.session is 'operational';
comment on column revocation.at is 'operational';

-- Keys that sign tokens; the private part is sealed under a key derived from the service key. Whoever can write here and
-- knows that key can sign in anybody's name; whoever can only write here can stop sign-ins.
create table signing_key (
  kid     text primary key,
  alg     text not null,
  state   text not null check (state in ('next', 'active', 'retiring', 'revoked')),
  public  jsonb not null,
  sealed  bytea not null,
  since   timestamptz not null
);
create unique index signing_key_active on signing_key (alg) where state = 'active';
create unique index signing_key_next on signing_key (alg) where state = 'next';
comment on column signing_key.kid is 'operational';
comment on column signing_key.alg is 'operational';
comment on column signing_key.state is 'operational';
comment on column signing_key.public is 'operational';
comment on column signing_key.sealed is 'secret';
comment on column signing_key.since is 'operational';

-- Applications beside our own portal. Whoever can write here can make an application that receives people's codes.
create table oauth_client (
  id         text primary key,
  name       text not null,
  sealed     bytea,
  metadata   jsonb not null,
  created_at timestamptz not null default now()
);
comment on column oauth_client.id is 'operational';
comment on column oauth_client.name is 'operational';
comment on column oauth_client.sealed is 'secret';
comment on column oauth_client.metadata is 'operational';
comment on column oauth_client.created_at is 'operational';

-- Codes, refresh tokens, grants, interactions, pushed requests. Each is found by the hash of its id and sealed under the id
-- itself, so that reading the table gives nobody a token. Whoever can write here can make a used one usable again.
create table oidc_record (
  kind        text not null,
  id_hash     bytea not null,
  sealed      bytea not null,
  grant_hash  bytea,
  account     text,
  client      text,
  consumed_at timestamptz,
  expires_at  timestamptz not null,
  primary key (kind, id_hash)
);
create index oidc_record_grant on oidc_record (grant_hash) where grant_hash is not null;
create index oidc_record_account on oidc_record (account) where account is not null;
create index oidc_record_expires on oidc_record (expires_at);
comment on column oidc_record.kind is 'operational';
comment on column oidc_record.id_hash is 'secret';
comment on column oidc_record.sealed is 'secret';
comment on column oidc_record.grant_hash is 'operational';
comment on column oidc_record.account is 'operational';
comment on column oidc_record.client is 'operational';
comment on column oidc_record.consumed_at is 'operational';
comment on column oidc_record.expires_at is 'operational';

-- Who an outside issuer says a person is. Whoever can write here can sign in as another with an identity of their own.
create table external_identity (
  issuer    text not null,
  subject   text not null,
  account   text not null references account (id) on delete cascade,
  linked_at timestamptz not null default now(),
  primary key (issuer, subject)
);
create index external_identity_account on external_identity (account);
comment on column external_identity.issuer is 'operational';
comment on column external_identity.subject is 'proof';
comment on column external_identity.account is 'operational';
comment on column external_identity.linked_at is 'operational';

-- A sign-in that has gone to an outside issuer and may come back once, in the same browser. What it carries along is sealed
-- under the state. Whoever can write here can make a state valid again, but lacks the browser's half.
create table federation_state (
  state_hash   bytea primary key,
  browser_hash bytea not null,
  carried      bytea not null,
  expires_at   timestamptz not null
);
create index federation_state_expires on federation_state (expires_at);
comment on column federation_state.state_hash is 'secret';
comment on column federation_state.browser_hash is 'secret';
comment on column federation_state.carried is 'secret';
comment on column federation_state.expires_at is 'operational';

-- Activation links, by the hash of their token. Whoever can write here can choose the password of an account that has none.
create table activation_token (
  token_hash bytea primary key,
  account    text not null references account (id) on delete cascade,
  expires_at timestamptz not null
);
create index activation_token_account on activation_token (account);
comment on column activation_token.token_hash is 'secret';
comment on column activation_token.account is 'operational';
comment on column activation_token.expires_at is 'operational';
