-- Which uploads a job names, and what these were when it was submitted. Of jobs of earlier versions it is not known.
CREATE TABLE "JobInput" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "jobId" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "inputId" TEXT NOT NULL,
    "file" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    CONSTRAINT "JobInput_jobId_fkey" FOREIGN KEY ("jobId") REFERENCES "Job" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

CREATE UNIQUE INDEX "JobInput_jobId_name_key" ON "JobInput"("jobId", "name");
CREATE INDEX "JobInput_inputId_idx" ON "JobInput"("inputId");
CREATE INDEX "JobInput_file_idx" ON "JobInput"("file");

ALTER TABLE "Input" ADD COLUMN "usesKnown" BOOLEAN NOT NULL DEFAULT false;
