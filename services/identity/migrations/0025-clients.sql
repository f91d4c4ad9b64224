-- Applications in full: whether each may be used, when it last was, and the secrets that it may show.
alter table oauth_client
  -- Not to be used for now; what it is stays.
  add column disabled_at timestamptz,
  -- To the hour, so that no token costs a write.
  add column used_at     timestamptz,
  add column updated_at  timestamptz not null default now();
comment on column oauth_client.disabled_at is 'operational';
comment on column oauth_client.used_at is 'operational';
comment on column oauth_client.updated_at is 'operational';

-- Two at most live at once, and the table itself says so: whoever makes a third finds no place. Whoever can write here can put the
-- secret of one application in the place of another's, but not read one.
create table oauth_client_secret (
  id          text primary key,
  client      text not null references oauth_client on delete cascade,
  slot        smallint not null check (slot in (1, 2)),
  sealed      bytea not null,
  made_at     timestamptz not null,
  -- From then on it opens nothing.
  ends_at     timestamptz,
  -- When administrators were told that it is old, or ends soon.
  reminded_at timestamptz,
  -- To the hour.
  used_at     timestamptz,
  unique (client, slot)
);
comment on column oauth_client_secret.id is 'operational';
comment on column oauth_client_secret.client is 'operational';
comment on column oauth_client_secret.slot is 'operational';
comment on column oauth_client_secret.sealed is 'secret';
comment on column oauth_client_secret.made_at is 'operational';
comment on column oauth_client_secret.ends_at is 'operational';
comment on column oauth_client_secret.reminded_at is 'operational';
comment on column oauth_client_secret.used_at is 'operational';

-- `oauth_client.sealed` goes on holding one that lives, for nodes of the version before that still run.
insert into oauth_client_secret (id, client, slot, sealed, made_at)
select 'cls_' || gen_random_uuid(), id, 1, sealed, created_at from oauth_client where sealed is not null;

-- What people see beside the name of an application: a PNG of a bounded size, looked at before it is kept. Whoever can write here can
-- have one application look like another on the page where people are asked.
create table oauth_client_logo (
  client text primary key references oauth_client on delete cascade,
  png    bytea not null check (octet_length(png) between 33 and 65536)
);
comment on column oauth_client_logo.client is 'operational';
comment on column oauth_client_logo.png is 'operational';
