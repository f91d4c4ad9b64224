-- Requests to people who are elsewhere (OpenID CIBA Core 1.0). What is asked lies in oidc_record, sealed under an id that lies here
-- sealed under a key of this service. Whoever can write here can have a person asked; only the person's own page answers.
create table backchannel_request (
  id           text primary key,
  id_hash      bytea not null unique,
  sealed       bytea not null,
  -- None when the hint was nobody's: it waits like any other.
  account      text references account (id) on delete cascade,
  client       text not null,
  network      text not null,
  state        text not null default 'waiting' check (state in ('waiting', 'allowed', 'refused')),
  wait_seconds integer not null default 5,
  polled_at    timestamptz,
  asked_at     timestamptz not null default now(),
  expires_at   timestamptz not null
);
create index backchannel_request_account on backchannel_request (account) where account is not null;
create index backchannel_request_expires on backchannel_request (expires_at);
comment on column backchannel_request.id is 'operational';
comment on column backchannel_request.id_hash is 'secret';
comment on column backchannel_request.sealed is 'secret';
comment on column backchannel_request.account is 'operational';
comment on column backchannel_request.client is 'operational';
comment on column backchannel_request.network is 'contact';
comment on column backchannel_request.state is 'operational';
comment on column backchannel_request.wait_seconds is 'operational';
comment on column backchannel_request.polled_at is 'operational';
comment on column backchannel_request.asked_at is 'operational';
comment on column backchannel_request.expires_at is 'operational';

-- Words with which an application may register itself (RFC 7591, section 1.2). Whoever can write here can let strangers register.
create table registration_token (
  id         text primary key,
  token_hash bytea not null unique,
  note       text not null,
  policy     text not null,
  uses       integer not null default 0,
  most_uses  integer not null,
  created_by text not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  revoked_at timestamptz
);
comment on column registration_token.id is 'operational';
comment on column registration_token.token_hash is 'secret';
comment on column registration_token.note is 'operational';
comment on column registration_token.policy is 'operational';
comment on column registration_token.uses is 'operational';
comment on column registration_token.most_uses is 'operational';
comment on column registration_token.created_by is 'operational';
comment on column registration_token.created_at is 'operational';
comment on column registration_token.expires_at is 'operational';
comment on column registration_token.revoked_at is 'operational';

-- Applications that registered themselves, with what each looks after itself by (RFC 7592). Whoever can write here can change where the
-- answers of such an application go.
create table self_registration (
  client        text primary key references oauth_client (id) on delete cascade,
  token_hash    bytea not null,
  registered_by text not null references registration_token (id),
  registered_at timestamptz not null default now()
);
comment on column self_registration.client is 'operational';
comment on column self_registration.token_hash is 'secret';
comment on column self_registration.registered_by is 'operational';
comment on column self_registration.registered_at is 'operational';

-- What applications say of themselves at the address that is their id. Whoever can write here can change where the answers of such an
-- application go, until it is fetched again.
create table client_document (
  url        text primary key,
  metadata   jsonb,
  -- Why nothing can be done with it; it is not asked for again before its end.
  refused    text,
  fetched_at timestamptz not null,
  expires_at timestamptz not null
);
create index client_document_expires on client_document (expires_at);
comment on column client_document.url is 'operational';
comment on column client_document.metadata is 'operational';
comment on column client_document.refused is 'operational';
comment on column client_document.fetched_at is 'operational';
comment on column client_document.expires_at is 'operational';

-- Whether an application that nobody here has looked at may have tokens for it.
alter table oauth_resource add column open_to_strangers boolean not null default false;
comment on column oauth_resource.open_to_strangers is 'operational';
