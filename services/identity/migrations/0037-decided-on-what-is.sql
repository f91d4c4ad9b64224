-- Whoever was shut out before their first link waits for it again when they are let in: nobody becomes active by being shut out and let in.
alter table account add column unbegun boolean not null default false;
comment on column account.unbegun is 'operational';
update account set unbegun = true
 where status in ('suspended', 'banned') and not email_proven
   and not exists (select from password where password.account = account.id)
   and not exists (select from external_identity where external_identity.account = account.id);

-- Applications that are an address and that somebody has something open with. Their documents are no memory that may be dropped: by them they
-- hear of the end of a session, and by them people know them.
create function addresses_in_use() returns setof text language sql stable as $$
  select client from oidc_record where kind = 'Grant' and expires_at > now() and client like 'http%'
  union
  select known from session, jsonb_object_keys(coalesce(engine -> 'authorizations', '{}'::jsonb)) as known
   where ends_at > now() and known like 'http%'
$$;
-- In the order in which documents go.
create index client_document_turn on client_document ((metadata is null) desc, fetched_at, url);

-- Public halves of keys that sign nothing any more and are on no list: what they signed may still be shown to us as a hint, for as long as a
-- session lasts. Whoever can write here can have somebody's hint believed.
create table past_key (
  kid     text primary key,
  alg     text not null,
  public  jsonb not null,
  ends_at timestamptz not null
);
comment on column past_key.kid is 'operational';
comment on column past_key.alg is 'operational';
comment on column past_key.public is 'operational';
comment on column past_key.ends_at is 'operational';
