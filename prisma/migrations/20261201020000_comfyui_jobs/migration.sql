ALTER TABLE "Job" ADD COLUMN "promptId" TEXT;
ALTER TABLE "Job" ADD COLUMN "clientId" TEXT;
ALTER TABLE "Job" ADD COLUMN "comfyuiTold" TEXT NOT NULL DEFAULT 'nothing';
ALTER TABLE "Job" ADD COLUMN "comfyuiHidden" BOOLEAN NOT NULL DEFAULT false;

CREATE UNIQUE INDEX "Job_userId_promptId_key" ON "Job"("userId", "promptId");
CREATE INDEX "Job_userId_clientId_idx" ON "Job"("userId", "clientId");
CREATE INDEX "Job_userId_endedAt_id_idx" ON "Job"("userId", "endedAt", "id");
