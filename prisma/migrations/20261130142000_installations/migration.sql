-- The names under which an installation keeps its keys in Redis. Written by the first process that starts on a database.
CREATE TABLE "installations" (
    "place" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),

    CONSTRAINT "installations_pkey" PRIMARY KEY ("place")
);
