create table idempotency_key (
  scope   text not null,
  key     text not null,
  request bytea not null,
  answer  jsonb,
  used_at timestamptz not null default now(),
  primary key (scope, key)
);
create index idempotency_key_used_at on idempotency_key (used_at);
