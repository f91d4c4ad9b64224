-- Somebody who wants an account: their address to be proven, a guardian's consent for who is under 18, and then a decision. Whoever
-- can write here can let themselves be let in.
create table application (
  id             text primary key,
  email          text not null check (email = lower(email)),
  name           text not null,
  phone          text,
  birth_date     date not null,
  locale         text not null check (locale in ('is', 'en')),
  guardian_email text check (guardian_email = lower(guardian_email)),
  consents       text[] not null,
  state          text not null check (state in ('unconfirmed', 'guardian', 'waiting', 'approved', 'rejected')),
  created_at     timestamptz not null,
  decided_at     timestamptz,
  decided_by     text,
  reason         text
);
create index application_state on application (state, id);
comment on column application.id is 'operational';
comment on column application.email is 'contact';
comment on column application.name is 'contact';
comment on column application.phone is 'contact';
comment on column application.birth_date is 'contact';
comment on column application.locale is 'contact';
comment on column application.guardian_email is 'contact';
comment on column application.consents is 'operational';
comment on column application.state is 'operational';
comment on column application.created_at is 'operational';
comment on column application.decided_at is 'operational';
comment on column application.decided_by is 'operational';
comment on column application.reason is 'contact';

-- Links of applications, by the hash of their token and by what they are for. Whoever can write here can confirm another's address.
create table application_link (
  token_hash  bytea primary key,
  purpose     text not null check (purpose in ('confirm', 'guardian')),
  application text not null references application (id) on delete cascade,
  expires_at  timestamptz not null
);
create index application_link_application on application_link (application, purpose);
comment on column application_link.token_hash is 'secret';
comment on column application_link.purpose is 'operational';
comment on column application_link.application is 'operational';
comment on column application_link.expires_at is 'operational';

-- What somebody agreed to, in which version, and when they took it back. Rows are added and never changed but for the end.
create table consent (
  account      text not null references account (id) on delete cascade,
  kind         text not null check (kind in ('terms', 'privacy', 'marketing')),
  version      text not null,
  given_at     timestamptz not null,
  withdrawn_at timestamptz,
  primary key (account, kind, given_at)
);
comment on column consent.account is 'operational';
comment on column consent.kind is 'operational';
comment on column consent.version is 'operational';
comment on column consent.given_at is 'operational';
comment on column consent.withdrawn_at is 'operational';

-- A code on paper stands in for the first link; it proves no mailbox.
alter table mailed_link drop constraint mailed_link_purpose_check;
alter table mailed_link add constraint mailed_link_purpose_check
  check (purpose in ('activation', 'recovery', 'sign-in', 'paper'));
