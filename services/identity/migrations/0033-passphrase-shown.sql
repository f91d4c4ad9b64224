-- Until when the person may look at the passphrase of their archive again. Past it the passphrase is gone as soon as the archive is made;
-- the version before, which may still run, takes it away with the archive, and then it was shown for less long.
alter table data_export add column shown_until timestamptz;
comment on column data_export.shown_until is 'operational';
