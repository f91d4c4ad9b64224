-- Several counters in one statement, in their order, and no further than the first that is used up: what is refused by the first
-- spends nothing of the second, which others share. The rows stay locked in that order until the statement ends, so two that share
-- one must name it in the same place.
create function spend_limits(keys text[], seconds float8[], most integer[])
  returns table (count integer, reset float8) language plpgsql as $$
begin
  for n in 1 .. cardinality(keys) loop
    insert into limit_counter as c (key, spent, ends_at)
         values (keys[n], 1, now() + make_interval(secs => seconds[n]))
    on conflict (key) do update
          set spent = case when c.ends_at <= now() then 1 else c.spent + 1 end,
              ends_at = case when c.ends_at <= now() then excluded.ends_at else c.ends_at end
      returning c.spent, extract(epoch from c.ends_at - now())::float8 into count, reset;
    return next;
    exit when count > most[n];
  end loop;
end $$;
