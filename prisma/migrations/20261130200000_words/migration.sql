-- Names in plain words. All rows stay: tables and columns are renamed, and indexes made again under their new names.
ALTER TABLE "Act" RENAME TO "AuditEvent";
DROP INDEX "Act_at_idx";
DROP INDEX "Act_subjectId_idx";
DROP INDEX "Act_actionId_key";
DROP INDEX "Act_onBehalfOfId_idx";
CREATE INDEX "AuditEvent_at_idx" ON "AuditEvent"("at");
CREATE INDEX "AuditEvent_subjectId_idx" ON "AuditEvent"("subjectId");
CREATE UNIQUE INDEX "AuditEvent_actionId_key" ON "AuditEvent"("actionId");
CREATE INDEX "AuditEvent_onBehalfOfId_idx" ON "AuditEvent"("onBehalfOfId");

DROP TRIGGER "Making_words";
ALTER TABLE "Making" RENAME TO "GenerationMetadata";
ALTER TABLE "MakingLora" RENAME TO "GenerationLora";
ALTER TABLE "MakingWords" RENAME TO "GenerationWords";
ALTER TABLE "GenerationLora" RENAME COLUMN "makingId" TO "metadataId";
ALTER TABLE "Result" RENAME COLUMN "makingId" TO "metadataId";
CREATE TRIGGER "GenerationMetadata_words" AFTER DELETE ON "GenerationMetadata" BEGIN DELETE FROM "GenerationWords" WHERE rowid = OLD."id"; END;
DROP INDEX "Making_jobId_nodeId_key";
DROP INDEX "Making_userId_model_idx";
DROP INDEX "Making_userId_seed_idx";
DROP INDEX "Making_userId_title_idx";
DROP INDEX "MakingLora_makingId_name_key";
DROP INDEX "MakingLora_name_idx";
DROP INDEX "Result_makingId_idx";
CREATE UNIQUE INDEX "GenerationMetadata_jobId_nodeId_key" ON "GenerationMetadata"("jobId", "nodeId");
CREATE INDEX "GenerationMetadata_userId_model_idx" ON "GenerationMetadata"("userId", "model");
CREATE INDEX "GenerationMetadata_userId_seed_idx" ON "GenerationMetadata"("userId", "seed");
CREATE INDEX "GenerationMetadata_userId_title_idx" ON "GenerationMetadata"("userId", "title");
CREATE UNIQUE INDEX "GenerationLora_metadataId_name_key" ON "GenerationLora"("metadataId", "name");
CREATE INDEX "GenerationLora_name_idx" ON "GenerationLora"("name");
CREATE INDEX "Result_metadataId_idx" ON "Result"("metadataId");

ALTER TABLE "Job" RENAME COLUMN "likeness" TO "fingerprint";
ALTER TABLE "Attempt" RENAME COLUMN "likeness" TO "fingerprint";
DROP INDEX "Attempt_endpointId_likeness_sentAt_idx";
CREATE INDEX "Attempt_endpointId_fingerprint_sentAt_idx" ON "Attempt"("endpointId", "fingerprint", "sentAt");

ALTER TABLE "IgnoredStray" RENAME TO "IgnoredOrphan";
ALTER TABLE "Hold" RENAME TO "ScaleInProtection";
