-- An application that goes takes with it everything that was given to it, and whoever has something open with one is looked for by it: both
-- without reading what all others were given. The index before this one had grants only, and the first of the two read the whole table.
-- Each file here is one transaction, in which an index cannot be made concurrently: this one is alone in its file, so that those who write
-- tokens wait for nothing else. What is over is swept away every minute, so the table holds what lives and no history.
create index oidc_record_of_client on oidc_record (client, kind) where client is not null;
drop index oidc_record_client;
