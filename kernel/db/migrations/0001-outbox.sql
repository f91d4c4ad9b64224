-- Facts on their way to other services. One row per message and recipient: each is delivered, late or dead on its own.
-- Whoever can write here can say anything to another service in this service's name.
-- The times are of the message, not of what it speaks of. The ballot world sends facts about elections only ("results are
-- there"), never one about a ballot: a row here, its order and its time would stand beside the ballot.
create table outbox_message (
  id          uuid primary key default gen_random_uuid(),
  topic       text not null,
  payload     jsonb not null,
  recipient   text not null,
  created_at  timestamptz not null default now(),
  next_at     timestamptz not null default now(),
  attempts    integer not null default 0,
  dead_at     timestamptz
);

create index outbox_message_due on outbox_message (next_at) where dead_at is null;

-- Messages already applied here, so that one that arrives twice works once. Kept longer than any sender tries.
create table inbox_message (
  id           uuid primary key,
  received_at  timestamptz not null default now()
);

create index inbox_message_age on inbox_message (received_at);
