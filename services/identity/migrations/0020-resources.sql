-- Servers that tokens can be for, beside our own doors (RFC 8707), and what can be asked of each in detail (RFC 9396). Whoever
-- can write here can have tokens made that another server believes.
create table oauth_resource (
  uri          text primary key,
  name         text not null,
  scopes       text[] not null,
  details      jsonb not null default '[]',
  introspector text,
  created_at   timestamptz not null default now()
);
comment on column oauth_resource.uri is 'operational';
comment on column oauth_resource.name is 'operational';
comment on column oauth_resource.scopes is 'operational';
comment on column oauth_resource.details is 'operational';
comment on column oauth_resource.introspector is 'operational';
comment on column oauth_resource.created_at is 'operational';
