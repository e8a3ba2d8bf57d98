CREATE TABLE "Making" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "jobId" TEXT NOT NULL,
    "nodeId" TEXT NOT NULL,
    "userId" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "model" TEXT,
    "seed" TEXT,
    CONSTRAINT "Making_jobId_fkey" FOREIGN KEY ("jobId") REFERENCES "Job" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

CREATE TABLE "MakingLora" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "makingId" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    CONSTRAINT "MakingLora_makingId_fkey" FOREIGN KEY ("makingId") REFERENCES "Making" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

CREATE VIRTUAL TABLE "MakingWords" USING fts5("words", tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3');

ALTER TABLE "Result" ADD COLUMN "codecs" TEXT;
ALTER TABLE "Result" ADD COLUMN "makingId" INTEGER REFERENCES "Making" ("id") ON DELETE SET NULL ON UPDATE CASCADE;
ALTER TABLE "Result" ADD COLUMN "favourite" BOOLEAN NOT NULL DEFAULT false;
ALTER TABLE "Result" ADD COLUMN "rating" INTEGER NOT NULL DEFAULT 0;
ALTER TABLE "Result" ADD COLUMN "rejected" BOOLEAN NOT NULL DEFAULT false;
ALTER TABLE "Result" ADD COLUMN "wallAt" DATETIME;
ALTER TABLE "Result" ADD COLUMN "removedAt" DATETIME;

ALTER TABLE "Job" ADD COLUMN "likeness" TEXT;
ALTER TABLE "Job" ADD COLUMN "expectedFiles" INTEGER;
ALTER TABLE "Attempt" ADD COLUMN "likeness" TEXT;

CREATE INDEX "Attempt_endpointId_likeness_sentAt_idx" ON "Attempt"("endpointId", "likeness", "sentAt");
CREATE UNIQUE INDEX "Making_jobId_nodeId_key" ON "Making"("jobId", "nodeId");
CREATE INDEX "Making_userId_model_idx" ON "Making"("userId", "model");
CREATE INDEX "Making_userId_seed_idx" ON "Making"("userId", "seed");
CREATE INDEX "Making_userId_title_idx" ON "Making"("userId", "title");
CREATE UNIQUE INDEX "MakingLora_makingId_name_key" ON "MakingLora"("makingId", "name");
CREATE INDEX "MakingLora_name_idx" ON "MakingLora"("name");
DROP INDEX "Result_userId_deliveredAt_id_idx";
CREATE INDEX "Result_search_idx" ON "Result"("userId", "deliveredAt", "id", "removedAt", "rejected", "favourite", "rating", "kind", "makingId");
CREATE INDEX "Result_makingId_idx" ON "Result"("makingId");
CREATE INDEX "Result_wallAt_idx" ON "Result"("wallAt");
CREATE INDEX "Result_removedAt_idx" ON "Result"("removedAt");
