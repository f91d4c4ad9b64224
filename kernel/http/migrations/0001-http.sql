-- Shared counters of limits. Unlogged: after a crash everybody starts afresh, which no decision of security rests on.
create unlogged table limit_counter (
  key     text primary key,
  spent   integer not null,
  ends_at timestamptz not null
);
create index limit_counter_ends_at on limit_counter (ends_at);

-- Nonces of signed calls between services (RFC 9421): each once within its ten minutes.
create table service_nonce (
  nonce   text primary key,
  ends_at timestamptz not null
);
create index service_nonce_ends_at on service_nonce (ends_at);
