-- What was sent with less than was asked for, or cannot come back: told to the job's owner.
ALTER TABLE "Job" ADD COLUMN "warnings" TEXT;

-- What a worker is told beside the graph, such as keys for paid nodes: only until the job ends.
ALTER TABLE "Graph" ADD COLUMN "extraData" TEXT;

-- Previews are shown on their node and their job, and go after a day.
ALTER TABLE "Result" ADD COLUMN "preview" BOOLEAN NOT NULL DEFAULT false;

-- Its format never said that it was whole, and its run is over.
ALTER TABLE "Result" ADD COLUMN "unfinished" BOOLEAN NOT NULL DEFAULT false;

-- DropIndex
DROP INDEX "Result_search_idx";

-- CreateIndex
CREATE INDEX "Result_search_idx" ON "Result"("userId", "deliveredAt", "id", "removedAt", "rejected", "favourite", "rating", "kind", "preview", "makingId");

-- CreateIndex
CREATE INDEX "Result_preview_deliveredAt_idx" ON "Result"("preview", "deliveredAt");

-- Files of one node that share a name but for its ending share their counter: a film and its first picture.
ALTER TABLE "Result" ADD COLUMN "workerStem" TEXT;

-- DropIndex
DROP INDEX "Result_userId_stem_counter_key";

-- CreateIndex
CREATE INDEX "Result_userId_stem_counter_idx" ON "Result"("userId", "stem", "counter");

-- CreateIndex
CREATE INDEX "Result_jobId_nodeId_workerStem_idx" ON "Result"("jobId", "nodeId", "workerStem");
