-- Versions of a job: what was made from it.
ALTER TABLE "Job" ADD COLUMN "madeFromId" TEXT;
ALTER TABLE "Job" ADD COLUMN "familyId" TEXT;
ALTER TABLE "Job" ADD COLUMN "changes" TEXT;
CREATE INDEX "Job_familyId_createdAt_idx" ON "Job"("familyId", "createdAt");
