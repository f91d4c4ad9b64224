-- Whoever has something open with an application that knows people by names of its own is looked for by that name.
create index oidc_record_client on oidc_record (client) where kind = 'Grant';

-- Only an application that has asked to hear of an end is told of it, and who has asked is what its registration says: our own portal
-- hears by another way, and so do those that have not asked at all. A document that an application publishes is read when it is told.
create or replace function tell_applications() returns trigger language plpgsql as $$
begin
  insert into logout_notice (account, client, sid)
  select old.account, one.key, one.value ->> 'sid'
    from jsonb_each(coalesce(old.engine -> 'authorizations', '{}'::jsonb)) as one
   where exists (select from oauth_client c where c.id = one.key and c.metadata ? 'backchannel_logout_uri')
      or exists (select from client_document d where d.url = one.key and d.metadata ? 'backchannel_logout_uri');
  if found then
    perform pg_notify('identity_logout', '');
  end if;
  return null;
end $$;

-- When a device last asked whether its code was answered, and for how long it has to wait before the next time.
alter table oidc_record add column polled_at timestamptz;
alter table oidc_record add column wait_seconds integer not null default 5;
comment on column oidc_record.polled_at is 'operational';
comment on column oidc_record.wait_seconds is 'operational';
