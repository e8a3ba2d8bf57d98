-- CreateIndex
CREATE INDEX "Job_endedAt_id_idx" ON "Job"("endedAt", "id");
