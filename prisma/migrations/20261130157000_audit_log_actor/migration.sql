-- An erasure finds what its user did as an administrator by the name in the actor, which is JSON at its end.
CREATE INDEX CONCURRENTLY "audit_log_actor_name_idx" ON "audit_log" (substring("actor" FROM '\[.*$'));
