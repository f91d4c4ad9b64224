-- Sign-ins under way: each is used up by the one answer that fits it. Whoever can write here can finish a sign-in as someone else.
create table login_attempt (
  state_hash   bytea primary key,
  browser_hash bytea not null,
  nonce        text not null,
  verifier     text not null,
  return_to    text not null,
  ends_at      timestamptz not null
);
create index login_attempt_ends_at on login_attempt (ends_at);
comment on column login_attempt.state_hash is 'operational';
comment on column login_attempt.browser_hash is 'operational';
comment on column login_attempt.nonce is 'secret';
comment on column login_attempt.verifier is 'secret';
comment on column login_attempt.return_to is 'operational';
comment on column login_attempt.ends_at is 'operational';

-- Browsers that are signed in. The cookie's value is not here, only its hash; the tokens are sealed under the service's key.
create table browser_session (
  id_hash           bytea primary key,
  session           text not null,
  subject           text not null,
  name              text not null,
  roles             text[] not null,
  tokens            bytea not null,
  access_expires_at timestamptz not null,
  seen_at           timestamptz not null default now(),
  ends_at           timestamptz not null
);
create index browser_session_session on browser_session (session);
create index browser_session_ends_at on browser_session (ends_at);
comment on column browser_session.id_hash is 'secret';
comment on column browser_session.session is 'operational';
comment on column browser_session.subject is 'operational';
comment on column browser_session.name is 'contact';
comment on column browser_session.roles is 'operational';
comment on column browser_session.tokens is 'secret';
comment on column browser_session.access_expires_at is 'operational';
comment on column browser_session.seen_at is 'operational';
comment on column browser_session.ends_at is 'operational';
