-- Each signing key lies sealed under a data key of its own, and that one wrapped by a key service: who copies this table, and even the service
-- key with it, opens nothing where the service is elsewhere. Rows from before have none and lie under the service key until they are rewrapped.
-- Nodes of the version before keep the keys that they have in memory; they cannot open what newer ones make.
alter table signing_key add column data_key bytea, add column wrapped_by text;
alter table signing_key add check ((data_key is null) = (wrapped_by is null));
comment on column signing_key.data_key is 'secret';
comment on column signing_key.wrapped_by is 'operational';
