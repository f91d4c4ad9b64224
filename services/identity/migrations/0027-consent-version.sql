-- Which version of the texts somebody agreed to when they applied: it may be another one by the time that they are let in. Null for who
-- applied before this was kept.
alter table application add column consent_version text;
comment on column application.consent_version is 'operational';
