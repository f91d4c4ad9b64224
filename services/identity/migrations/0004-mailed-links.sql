-- Links that were sent to somebody's mailbox, by purpose and by the hash of their token: one table, so that there is one way to
-- burn them. Whoever can write here can choose the password of another's account.
create table mailed_link (
  token_hash bytea primary key,
  purpose    text not null check (purpose in ('activation', 'recovery')),
  account    text not null references account (id) on delete cascade,
  expires_at timestamptz not null
);
create index mailed_link_account on mailed_link (account, purpose);
create index mailed_link_expires on mailed_link (expires_at);
comment on column mailed_link.token_hash is 'secret';
comment on column mailed_link.purpose is 'operational';
comment on column mailed_link.account is 'operational';
comment on column mailed_link.expires_at is 'operational';
insert into mailed_link (token_hash, purpose, account, expires_at)
  select token_hash, 'activation', account, expires_at from activation_token;
drop table activation_token;
