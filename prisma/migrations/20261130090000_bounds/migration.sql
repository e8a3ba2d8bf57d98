-- How much of the database the workflows of one person take.
ALTER TABLE "User" ADD COLUMN "graphBytes" BIGINT NOT NULL DEFAULT 0;
UPDATE "User" SET "graphBytes" = (
  SELECT coalesce(sum(length(CAST(g."prompt" AS BLOB)) + coalesce(length(CAST(g."workflow" AS BLOB)), 0)), 0)
  FROM "Job" j JOIN "Graph" g ON g."jobId" = j."id" WHERE j."userId" = "User"."id"
);

-- Uploads that nobody has any more: their files are deleted a day later.
CREATE TABLE "RemovedInput" (
    "file" TEXT NOT NULL PRIMARY KEY,
    "removedAt" DATETIME NOT NULL
);

-- CreateIndex
CREATE INDEX "Input_file_idx" ON "Input"("file");

-- What workers said was kept whole, however long.
UPDATE "Job" SET "message" = substr("message", 1, 8192) WHERE length("message") > 8192;
UPDATE "Job" SET "nodeErrors" = NULL WHERE length("nodeErrors") > 65536;
UPDATE "Attempt" SET "detail" = substr("detail", 1, 40960) WHERE length("detail") > 40960;
