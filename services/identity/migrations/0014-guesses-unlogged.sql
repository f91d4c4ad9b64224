-- Counted before every try, so no try waits for a disk. After a crash each pair of account and place begins anew, with five tries more
-- than it had; how many were wrong in a row stands in factor_failure, which a crash does not touch.
alter table guess set unlogged;
