-- How much a place was told in the last hour: asked at every alert that is to be told.
create index security_alert_delivery_asked on security_alert_delivery (sink, asked_at);
-- Which were not told, hour by hour, and which nobody has seen again for long.
create index security_alert_seen on security_alert (last_seen) where state = 'open';
