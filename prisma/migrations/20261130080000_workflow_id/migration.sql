-- Which of the editor's workflows a job was made from: its page asks for the jobs of the one that is open.
ALTER TABLE "Job" ADD COLUMN "workflowId" TEXT;

UPDATE "Job" SET "workflowId" = (
  SELECT json_extract("Graph"."workflow", '$.id') FROM "Graph"
  WHERE "Graph"."jobId" = "Job"."id" AND json_valid("Graph"."workflow") AND json_type("Graph"."workflow", '$.id') = 'text'
    AND length(json_extract("Graph"."workflow", '$.id')) BETWEEN 1 AND 100
    AND json_extract("Graph"."workflow", '$.id') <> '00000000-0000-0000-0000-000000000000'
);

-- CreateIndex
CREATE INDEX "Job_userId_workflowId_createdAt_id_idx" ON "Job"("userId", "workflowId", "createdAt", "id");
