-- Programs that come in their own name: whose each is, what it is for, and the keys that it shows. Whoever can write here can hand a
-- program to somebody else, or let one in again that was shut out.
create table service_identity (
  id          text primary key,
  kind        text not null check (kind in ('service', 'service-test', 'integration', 'workload', 'assistant')),
  name        text not null,
  purpose     text not null,
  owner_kind  text not null check (owner_kind in ('person', 'organisation')),
  -- Nobody when its person was forgotten: then it opens nothing.
  owner       text,
  -- What ends its tokens raises it.
  stamp       integer not null default 1,
  made_at     timestamptz not null,
  disabled_at timestamptz,
  check (owner_kind = 'person' or owner is null)
);
create index on service_identity (owner) where owner is not null;
comment on column service_identity.id is 'operational';
comment on column service_identity.kind is 'operational';
comment on column service_identity.name is 'operational';
comment on column service_identity.purpose is 'operational';
comment on column service_identity.owner_kind is 'operational';
comment on column service_identity.owner is 'operational';
comment on column service_identity.stamp is 'operational';
comment on column service_identity.made_at is 'operational';
comment on column service_identity.disabled_at is 'operational';

-- What is kept of a key is a hash under a key of the service, made over its id too. So whoever can write here can widen what a key
-- may do, but cannot make one, nor put one in the place of another.
create table api_key (
  id         text primary key,
  identity   text not null references service_identity on delete cascade,
  hash       bytea not null check (octet_length(hash) = 32),
  scopes     text[] not null,
  -- Other servers that tokens for it may be for, and their scopes: {"https://api.example/": "read write"}.
  resources  jsonb not null default '{}',
  -- Null: from everywhere.
  networks   text[],
  -- Hours of the day in UTC, both or neither.
  hour_from  smallint check (hour_from between 0 and 23),
  hour_to    smallint check (hour_to between 0 and 24),
  made_at    timestamptz not null,
  -- From then on it opens nothing.
  ends_at    timestamptz not null,
  -- It has a successor, and only one.
  rotated_at timestamptz,
  revoked_at timestamptz,
  -- To the hour.
  used_at    timestamptz,
  check ((hour_from is null) = (hour_to is null))
);
create index on api_key (identity);
comment on column api_key.id is 'operational';
comment on column api_key.identity is 'operational';
comment on column api_key.hash is 'secret';
comment on column api_key.scopes is 'operational';
comment on column api_key.resources is 'operational';
comment on column api_key.networks is 'operational';
comment on column api_key.hour_from is 'operational';
comment on column api_key.hour_to is 'operational';
comment on column api_key.made_at is 'operational';
comment on column api_key.ends_at is 'operational';
comment on column api_key.rotated_at is 'operational';
comment on column api_key.revoked_at is 'operational';
comment on column api_key.used_at is 'operational';
