-- One action has one entry, which names what it was about also when that is gone or renamed, and as whom an operator acted.
ALTER TABLE "Act" ADD COLUMN "actionId" TEXT;
ALTER TABLE "Act" ADD COLUMN "subjectName" TEXT;
ALTER TABLE "Act" ADD COLUMN "onBehalfOfId" TEXT;
ALTER TABLE "Act" ADD COLUMN "onBehalfOfName" TEXT;
CREATE UNIQUE INDEX "Act_actionId_key" ON "Act"("actionId");
CREATE INDEX "Act_onBehalfOfId_idx" ON "Act"("onBehalfOfId");
UPDATE "Act" SET "subjectName" = coalesce(
  (SELECT "name" FROM "User" WHERE "id" = "subjectId"),
  (SELECT "name" FROM "Endpoint" WHERE "id" = "subjectId"),
  (SELECT "name" FROM "Workflow" WHERE "id" = "subjectId"),
  (SELECT "title" FROM "Job" WHERE "id" = "subjectId")
) WHERE "subjectId" IS NOT NULL;
UPDATE "Act" SET "onBehalfOfName" = json_extract("detail", '$.as') WHERE "actorId" IS NOT NULL AND "type" NOT LIKE 'admin.%' AND json_type("detail", '$.as') = 'text';

-- The circuit breaker of an endpoint, so that a restart finds it as it was.
ALTER TABLE "Endpoint" ADD COLUMN "failures" INTEGER NOT NULL DEFAULT 0;
ALTER TABLE "Endpoint" ADD COLUMN "coolingDownUntil" DATETIME;
ALTER TABLE "Endpoint" ADD COLUMN "closedUntil" DATETIME;

-- Words outlived what they were about: what a person's or a deleted file's generation was made with.
DELETE FROM "Making" WHERE NOT EXISTS (SELECT 1 FROM "Result" WHERE "makingId" = "Making"."id") AND "jobId" IN (SELECT "id" FROM "Job" WHERE "status" = 'completed');
DELETE FROM "MakingWords" WHERE rowid NOT IN (SELECT "id" FROM "Making");
CREATE TRIGGER "Making_words" AFTER DELETE ON "Making" BEGIN DELETE FROM "MakingWords" WHERE rowid = OLD."id"; END;
