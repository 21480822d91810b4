SET lock_timeout = '5s';
SET statement_timeout = '60s';

ALTER TABLE "policy_breakers" ADD COLUMN     "code" TEXT,
ADD COLUMN     "detail" TEXT,
ADD COLUMN     "held" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "opens" INTEGER NOT NULL DEFAULT 0;

-- A breaker that is open now has opened once.
UPDATE "policy_breakers" SET "opens" = 1 WHERE "open_until" IS NOT NULL;
