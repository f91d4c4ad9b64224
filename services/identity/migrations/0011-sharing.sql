-- What a grant allows and since when, for its owner to see: the grant itself opens only to who shows its id.
alter table oidc_record add column scopes text[];
alter table oidc_record add column started_at timestamptz not null default now();
comment on column oidc_record.scopes is 'operational';
comment on column oidc_record.started_at is 'operational';

-- What somebody wants to be asked about, and what not. No row: asked.
create table sharing (
  account text not null references account (id) on delete cascade,
  scope   text not null,
  choice  text not null check (choice in ('allow', 'deny')),
  primary key (account, scope)
);
comment on column sharing.account is 'operational';
comment on column sharing.scope is 'operational';
comment on column sharing.choice is 'contact';
