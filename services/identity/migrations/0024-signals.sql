-- What applications are told about people's sessions, accounts and credentials, and where.

-- Applications that may be told. Whoever can write here can have an application of theirs told what happens to people.
create table signal_receiver (
  client      text primary key,
  -- Everybody, or those whom it has named and who have used it.
  subjects    text not null check (subjects in ('all', 'added')),
  created_at  timestamptz not null default now()
);
comment on column signal_receiver.client is 'operational';
comment on column signal_receiver.subjects is 'operational';
comment on column signal_receiver.created_at is 'operational';

-- Where it is told, and how: pushed (RFC 8935), fetched (RFC 8936), or as a webhook. Whoever can write here can have it told elsewhere.
create table signal_stream (
  id           text primary key,
  client       text not null references signal_receiver on delete cascade,
  method       text not null check (method in ('push', 'poll', 'webhook')),
  endpoint     text check ((endpoint is null) = (method = 'poll')),
  -- What the receiver wants to be shown by us, or the secrets of a webhook: sealed.
  sealed       bytea,
  events       text[] not null,
  description  text,
  status       text not null default 'enabled' check (status in ('enabled', 'paused', 'disabled')),
  reason       text,
  created_at   timestamptz not null default now(),
  asked_at     timestamptz
);
create index signal_stream_client on signal_stream (client);
comment on column signal_stream.id is 'operational';
comment on column signal_stream.client is 'operational';
comment on column signal_stream.method is 'operational';
comment on column signal_stream.endpoint is 'operational';
comment on column signal_stream.sealed is 'secret';
comment on column signal_stream.events is 'operational';
comment on column signal_stream.description is 'operational';
comment on column signal_stream.status is 'operational';
comment on column signal_stream.reason is 'operational';
comment on column signal_stream.created_at is 'operational';
comment on column signal_stream.asked_at is 'operational';

-- About whom a receiver wants to hear.
create table signal_subject (
  stream      text not null references signal_stream on delete cascade,
  account     text not null,
  primary key (stream, account)
);
create index signal_subject_account on signal_subject (account);
comment on column signal_subject.stream is 'operational';
comment on column signal_subject.account is 'operational';

-- One thing to be told in one stream: written with the change it speaks of. Of one person what happened first is told first.
create table signal_delivery (
  id           text primary key,
  seq          bigint generated always as identity,
  stream       text not null references signal_stream on delete cascade,
  -- None when it is about the stream itself.
  account      text,
  type         text not null,
  details      jsonb not null,
  at           timestamptz not null,
  state        text not null default 'waiting' check (state in ('waiting', 'delivered', 'dead')),
  attempts     integer not null default 0,
  tried_from   timestamptz,
  next_at      timestamptz not null,
  reason       text,
  done_at      timestamptz
);
create index signal_delivery_due on signal_delivery (stream, next_at) where state = 'waiting';
create index signal_delivery_turn on signal_delivery (stream, account, seq) where state = 'waiting';
create index signal_delivery_listed on signal_delivery (seq);
create index signal_delivery_done on signal_delivery (done_at) where state <> 'waiting';
create index signal_delivery_account on signal_delivery (account);
comment on column signal_delivery.id is 'operational';
comment on column signal_delivery.seq is 'operational';
comment on column signal_delivery.stream is 'operational';
comment on column signal_delivery.account is 'operational';
comment on column signal_delivery.type is 'operational';
comment on column signal_delivery.details is 'contact';
comment on column signal_delivery.at is 'operational';
comment on column signal_delivery.state is 'operational';
comment on column signal_delivery.attempts is 'operational';
comment on column signal_delivery.tried_from is 'operational';
comment on column signal_delivery.next_at is 'operational';
comment on column signal_delivery.reason is 'operational';
comment on column signal_delivery.done_at is 'operational';
