-- For whoever takes along what was done in their name.
create index audit_entry_on_behalf_of on audit_entry (on_behalf_of, at) where on_behalf_of is not null;
