-- What a person asked to take along. The archive lies encrypted under a passphrase that only they have seen.
create table data_export (
  id         text primary key,
  account    text not null references account (id) on delete cascade,
  state      text not null check (state in ('waiting', 'ready', 'failed')),
  -- Sealed, and only until the archive is made.
  passphrase bytea,
  done       integer not null default 0,
  parts      integer not null,
  archive    bytea,
  asked_at   timestamptz not null,
  ready_at   timestamptz,
  fetched_at timestamptz,
  ends_at    timestamptz not null
);
create index data_export_account on data_export (account, asked_at desc);
create index data_export_ends on data_export (ends_at);
comment on column data_export.id is 'operational';
comment on column data_export.account is 'operational';
comment on column data_export.state is 'operational';
comment on column data_export.passphrase is 'secret';
comment on column data_export.done is 'operational';
comment on column data_export.parts is 'operational';
comment on column data_export.archive is 'secret';
comment on column data_export.asked_at is 'operational';
comment on column data_export.ready_at is 'operational';
comment on column data_export.fetched_at is 'operational';
comment on column data_export.ends_at is 'operational';

-- Who asked to be forgotten. It outlives the account, and holds its id and nothing else of it.
create table erasure (
  id       text primary key,
  person   text not null,
  state    text not null check (state in ('waiting', 'cancelled', 'erasing', 'done')),
  asked_by text not null,
  reason   text,
  asked_at timestamptz not null,
  due_at   timestamptz not null,
  ended_at timestamptz,
  -- When the last mail went, and when it is tried again after it failed.
  said_at  timestamptz,
  next_at  timestamptz
);
create unique index erasure_open on erasure (person) where state in ('waiting', 'erasing');
create index erasure_due on erasure (due_at) where state = 'waiting';
comment on column erasure.id is 'operational';
comment on column erasure.person is 'operational';
comment on column erasure.state is 'operational';
comment on column erasure.asked_by is 'operational';
comment on column erasure.reason is 'contact';
comment on column erasure.asked_at is 'operational';
comment on column erasure.due_at is 'operational';
comment on column erasure.ended_at is 'operational';
comment on column erasure.said_at is 'operational';
comment on column erasure.next_at is 'operational';

-- A service that is to forget, and when it said that it had.
create table erasure_part (
  erasure      text not null references erasure (id),
  service      text not null,
  told_at      timestamptz not null,
  confirmed_at timestamptz,
  primary key (erasure, service)
);
comment on column erasure_part.erasure is 'operational';
comment on column erasure_part.service is 'operational';
comment on column erasure_part.told_at is 'operational';
comment on column erasure_part.confirmed_at is 'operational';
