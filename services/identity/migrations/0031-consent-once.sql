-- Of two that agree to the same at the same moment one is written down; the second that was is the same word once more.
lock table consent in share row exclusive mode;
delete from consent as later using consent as first
 where later.account = first.account and later.kind = first.kind and later.version = first.version
   and later.withdrawn_at is null and first.withdrawn_at is null and later.given_at > first.given_at;
create unique index consent_once on consent (account, kind, version) where withdrawn_at is null;
