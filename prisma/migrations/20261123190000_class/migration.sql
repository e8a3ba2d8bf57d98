CREATE TABLE "JoinCode" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "code" TEXT NOT NULL,
    "seats" INTEGER NOT NULL,
    "createdAt" DATETIME NOT NULL,
    "expiresAt" DATETIME NOT NULL,
    "closedAt" DATETIME
);
CREATE UNIQUE INDEX "JoinCode_code_key" ON "JoinCode"("code");

ALTER TABLE "User" ADD COLUMN "waitingCap" INTEGER;
ALTER TABLE "User" ADD COLUMN "inFlightCap" INTEGER;
ALTER TABLE "User" ADD COLUMN "joinCodeId" TEXT REFERENCES "JoinCode" ("id") ON DELETE SET NULL ON UPDATE CASCADE;
ALTER TABLE "User" ADD COLUMN "deletedAt" DATETIME;

ALTER TABLE "Session" ADD COLUMN "operatorId" TEXT;

ALTER TABLE "Job" ADD COLUMN "endpointId" TEXT;
ALTER TABLE "Job" ADD COLUMN "warmUp" BOOLEAN NOT NULL DEFAULT false;

ALTER TABLE "Endpoint" ADD COLUMN "pricePerHour" REAL;
ALTER TABLE "Endpoint" ADD COLUMN "place" INTEGER NOT NULL DEFAULT 0;
ALTER TABLE "Endpoint" ADD COLUMN "deployment" TEXT;
ALTER TABLE "Endpoint" ADD COLUMN "keepWarmUntil" DATETIME;
ALTER TABLE "Endpoint" ADD COLUMN "warmWorkflowId" TEXT;

-- SQLite cannot make a column nullable: "attemptId" is, so the table is made anew.
CREATE TABLE "new_Result" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "userId" TEXT NOT NULL,
    "jobId" TEXT NOT NULL,
    "attemptId" TEXT,
    "nodeId" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "path" TEXT NOT NULL,
    "stem" TEXT NOT NULL,
    "counter" INTEGER NOT NULL,
    "kind" TEXT NOT NULL,
    "mime" TEXT NOT NULL,
    "bytes" BIGINT NOT NULL,
    "sha256" TEXT NOT NULL,
    "width" INTEGER,
    "height" INTEGER,
    "duration" REAL,
    "deliveredAt" DATETIME,
    "codecs" TEXT,
    "makingId" INTEGER,
    "favourite" BOOLEAN NOT NULL DEFAULT false,
    "rating" INTEGER NOT NULL DEFAULT 0,
    "rejected" BOOLEAN NOT NULL DEFAULT false,
    "wallAt" DATETIME,
    "removedAt" DATETIME,
    CONSTRAINT "Result_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "Result_jobId_fkey" FOREIGN KEY ("jobId") REFERENCES "Job" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "Result_attemptId_fkey" FOREIGN KEY ("attemptId") REFERENCES "Attempt" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "Result_makingId_fkey" FOREIGN KEY ("makingId") REFERENCES "Making" ("id") ON DELETE SET NULL ON UPDATE CASCADE
);
INSERT INTO "new_Result" ("id", "userId", "jobId", "attemptId", "nodeId", "name", "path", "stem", "counter", "kind", "mime", "bytes", "sha256", "width", "height", "duration", "deliveredAt", "codecs", "makingId", "favourite", "rating", "rejected", "wallAt", "removedAt")
SELECT "id", "userId", "jobId", "attemptId", "nodeId", "name", "path", "stem", "counter", "kind", "mime", "bytes", "sha256", "width", "height", "duration", "deliveredAt", "codecs", "makingId", "favourite", "rating", "rejected", "wallAt", "removedAt" FROM "Result";
DROP TABLE "Result";
ALTER TABLE "new_Result" RENAME TO "Result";
CREATE UNIQUE INDEX "Result_path_key" ON "Result"("path");
CREATE UNIQUE INDEX "Result_jobId_nodeId_name_key" ON "Result"("jobId", "nodeId", "name");
CREATE UNIQUE INDEX "Result_userId_stem_counter_key" ON "Result"("userId", "stem", "counter");
CREATE INDEX "Result_search_idx" ON "Result"("userId", "deliveredAt", "id", "removedAt", "rejected", "favourite", "rating", "kind", "makingId");
CREATE INDEX "Result_makingId_idx" ON "Result"("makingId");
CREATE INDEX "Result_wallAt_idx" ON "Result"("wallAt");
CREATE INDEX "Result_removedAt_idx" ON "Result"("removedAt");

CREATE TABLE "Act" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "at" DATETIME NOT NULL,
    "actorId" TEXT,
    "actorName" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "subjectId" TEXT,
    "detail" TEXT NOT NULL
);
CREATE INDEX "Act_at_idx" ON "Act"("at");
CREATE INDEX "Act_subjectId_idx" ON "Act"("subjectId");

CREATE TABLE "ClientLog" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "userId" TEXT NOT NULL,
    "at" DATETIME NOT NULL,
    "group" TEXT NOT NULL,
    "level" TEXT NOT NULL,
    "message" TEXT NOT NULL,
    "stack" TEXT,
    "source" TEXT NOT NULL,
    "page" TEXT NOT NULL,
    "browser" TEXT NOT NULL,
    "count" INTEGER NOT NULL,
    CONSTRAINT "ClientLog_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE INDEX "ClientLog_at_idx" ON "ClientLog"("at");
CREATE INDEX "ClientLog_group_at_idx" ON "ClientLog"("group", "at");
CREATE INDEX "ClientLog_userId_at_idx" ON "ClientLog"("userId", "at");

CREATE TABLE "Workflow" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "name" TEXT NOT NULL,
    "workflow" TEXT NOT NULL,
    "prompt" TEXT,
    "offered" BOOLEAN NOT NULL DEFAULT true,
    "createdAt" DATETIME NOT NULL
);
CREATE UNIQUE INDEX "Workflow_name_key" ON "Workflow"("name");

CREATE TABLE "IgnoredStray" (
    "path" TEXT NOT NULL PRIMARY KEY,
    "ignoredAt" DATETIME NOT NULL
);

CREATE TABLE "Hold" (
    "deployment" TEXT NOT NULL PRIMARY KEY,
    "minBefore" INTEGER NOT NULL,
    "heldAt" DATETIME NOT NULL
);
