-- Sendings of an attempt beside the one that is the attempt.
CREATE TABLE "Duplicate" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "jobId" TEXT NOT NULL,
    "endpointId" TEXT NOT NULL,
    "plan" TEXT NOT NULL,
    "sentAt" DATETIME NOT NULL,
    "answer" TEXT,
    "httpStatus" INTEGER,
    "answeredAt" DATETIME,
    "startedAt" DATETIME,
    "endedAt" DATETIME,
    "stoppedAt" DATETIME,
    CONSTRAINT "Duplicate_jobId_fkey" FOREIGN KEY ("jobId") REFERENCES "Job" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "Duplicate_endpointId_fkey" FOREIGN KEY ("endpointId") REFERENCES "Endpoint" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
);

CREATE INDEX "Duplicate_jobId_idx" ON "Duplicate"("jobId");
CREATE INDEX "Duplicate_endedAt_idx" ON "Duplicate"("endedAt");
CREATE INDEX "Duplicate_endpointId_sentAt_idx" ON "Duplicate"("endpointId", "sentAt");
