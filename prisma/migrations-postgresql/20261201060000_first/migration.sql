-- All that the migrations of SQLite up to 20261201060000 have made. Texts are compared byte by byte, as SQLite does, whatever the collation of the database.
CREATE TABLE "JoinCode" (
    "id" TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    "code" TEXT COLLATE "C" NOT NULL,
    "seats" INTEGER NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL,
    "expiresAt" TIMESTAMP(3) NOT NULL,
    "closedAt" TIMESTAMP(3)
);
CREATE UNIQUE INDEX "JoinCode_code_key" ON "JoinCode"("code");

CREATE TABLE "User" (
    "id" TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    "name" TEXT COLLATE "C" NOT NULL,
    "nameKey" TEXT COLLATE "C" NOT NULL,
    "role" TEXT COLLATE "C" NOT NULL,
    "passwordHash" TEXT COLLATE "C" NOT NULL,
    "folder" TEXT COLLATE "C" NOT NULL,
    "disabledAt" TIMESTAMP(3),
    "lastSeenAt" TIMESTAMP(3),
    "lastServedAt" TIMESTAMP(3),
    "createdAt" TIMESTAMP(3) NOT NULL,
    "waitingCap" INTEGER,
    "inFlightCap" INTEGER,
    "joinCodeId" TEXT COLLATE "C",
    "deletedAt" TIMESTAMP(3),
    "graphBytes" BIGINT NOT NULL DEFAULT 0,
    "comfyuiOffAt" TIMESTAMP(3),
    CONSTRAINT "User_joinCodeId_fkey" FOREIGN KEY ("joinCodeId") REFERENCES "JoinCode" ("id") ON DELETE SET NULL ON UPDATE CASCADE
);
CREATE UNIQUE INDEX "User_nameKey_key" ON "User"("nameKey");
CREATE UNIQUE INDEX "User_folder_key" ON "User"("folder");

CREATE TABLE "Session" (
    "id" TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    "tokenHash" TEXT COLLATE "C" NOT NULL,
    "userId" TEXT COLLATE "C" NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL,
    "expiresAt" TIMESTAMP(3) NOT NULL,
    "operatorId" TEXT COLLATE "C",
    "parentId" TEXT COLLATE "C",
    CONSTRAINT "Session_parentId_fkey" FOREIGN KEY ("parentId") REFERENCES "Session" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "Session_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE UNIQUE INDEX "Session_tokenHash_key" ON "Session"("tokenHash");
CREATE INDEX "Session_userId_idx" ON "Session"("userId");
CREATE INDEX "Session_parentId_idx" ON "Session"("parentId");

CREATE TABLE "PersonalToken" (
    "id" TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    "tokenHash" TEXT COLLATE "C" NOT NULL,
    "name" TEXT COLLATE "C" NOT NULL,
    "userId" TEXT COLLATE "C" NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL,
    "lastUsedAt" TIMESTAMP(3),
    "scope" TEXT COLLATE "C" NOT NULL DEFAULT 'all',
    "expiresAt" TIMESTAMP(3),
    CONSTRAINT "PersonalToken_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE UNIQUE INDEX "PersonalToken_tokenHash_key" ON "PersonalToken"("tokenHash");
CREATE INDEX "PersonalToken_userId_idx" ON "PersonalToken"("userId");

CREATE TABLE "Endpoint" (
    "id" TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    "name" TEXT COLLATE "C" NOT NULL,
    "url" TEXT COLLATE "C" NOT NULL,
    "gpu" TEXT COLLATE "C" NOT NULL,
    "pricing" TEXT COLLATE "C" NOT NULL,
    "capacity" INTEGER NOT NULL,
    "apiKeyVariable" TEXT COLLATE "C",
    "enabled" BOOLEAN NOT NULL DEFAULT true,
    "origin" TEXT COLLATE "C" NOT NULL DEFAULT 'operator',
    "configured" BOOLEAN NOT NULL DEFAULT true,
    "createdAt" TIMESTAMP(3) NOT NULL,
    "pricePerHour" DOUBLE PRECISION,
    "place" INTEGER NOT NULL DEFAULT 0,
    "deployment" TEXT COLLATE "C",
    "keepWarmUntil" TIMESTAMP(3),
    "warmWorkflowId" TEXT COLLATE "C",
    "failures" INTEGER NOT NULL DEFAULT 0,
    "coolingDownUntil" TIMESTAMP(3),
    "closedUntil" TIMESTAMP(3),
    "listening" TEXT COLLATE "C" NOT NULL DEFAULT 'auto'
);
CREATE UNIQUE INDEX "Endpoint_name_key" ON "Endpoint"("name");

CREATE TABLE "Input" (
    "id" TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    "userId" TEXT COLLATE "C" NOT NULL,
    "name" TEXT COLLATE "C" NOT NULL,
    "sha256" TEXT COLLATE "C" NOT NULL,
    "file" TEXT COLLATE "C" NOT NULL,
    "kind" TEXT COLLATE "C" NOT NULL,
    "mime" TEXT COLLATE "C" NOT NULL,
    "bytes" BIGINT NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL,
    "usesKnown" BOOLEAN NOT NULL DEFAULT false,
    "blake3" TEXT COLLATE "C",
    CONSTRAINT "Input_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE UNIQUE INDEX "Input_userId_name_key" ON "Input"("userId", "name");
CREATE INDEX "Input_userId_file_idx" ON "Input"("userId", "file");
CREATE INDEX "Input_file_idx" ON "Input"("file");
CREATE INDEX "Input_userId_blake3_idx" ON "Input"("userId", "blake3");

CREATE TABLE "Job" (
    "id" TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    "userId" TEXT COLLATE "C" NOT NULL,
    "clientRequestId" TEXT COLLATE "C",
    "title" TEXT COLLATE "C" NOT NULL,
    "status" TEXT COLLATE "C" NOT NULL,
    "reason" TEXT COLLATE "C",
    "message" TEXT COLLATE "C",
    "nodeErrors" TEXT COLLATE "C",
    "priority" INTEGER NOT NULL DEFAULT 0,
    "attemptCount" INTEGER NOT NULL DEFAULT 0,
    "createdAt" TIMESTAMP(3) NOT NULL,
    "queuedAt" TIMESTAMP(3) NOT NULL,
    "startedAt" TIMESTAMP(3),
    "endedAt" TIMESTAMP(3),
    "fingerprint" TEXT COLLATE "C",
    "expectedFiles" INTEGER,
    "endpointId" TEXT COLLATE "C",
    "warmUp" BOOLEAN NOT NULL DEFAULT false,
    "warnings" TEXT COLLATE "C",
    "workflowId" TEXT COLLATE "C",
    "listedErrors" TEXT COLLATE "C",
    "listedMessage" TEXT COLLATE "C" GENERATED ALWAYS AS (CASE WHEN length("message") > 1000 THEN substr("message", 1, 999) || '…' ELSE "message" END) STORED,
    "madeFromId" TEXT COLLATE "C",
    "familyId" TEXT COLLATE "C",
    "changes" TEXT COLLATE "C",
    "promptSnippet" TEXT COLLATE "C",
    "inputId" TEXT COLLATE "C",
    "rejectedBy" TEXT COLLATE "C",
    "promptId" TEXT COLLATE "C",
    "clientId" TEXT COLLATE "C",
    "comfyuiTold" TEXT COLLATE "C" NOT NULL DEFAULT 'nothing',
    "comfyuiHidden" BOOLEAN NOT NULL DEFAULT false,
    CONSTRAINT "Job_inputId_fkey" FOREIGN KEY ("inputId") REFERENCES "Input" ("id") ON DELETE SET NULL ON UPDATE CASCADE,
    CONSTRAINT "Job_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE UNIQUE INDEX "Job_userId_clientRequestId_key" ON "Job"("userId", "clientRequestId");
CREATE INDEX "Job_status_queuedAt_idx" ON "Job"("status", "queuedAt");
CREATE INDEX "Job_userId_createdAt_id_idx" ON "Job"("userId", "createdAt", "id");
CREATE INDEX "Job_endedAt_id_idx" ON "Job"("endedAt", "id");
CREATE INDEX "Job_userId_workflowId_createdAt_id_idx" ON "Job"("userId", "workflowId", "createdAt", "id");
CREATE INDEX "Job_familyId_createdAt_idx" ON "Job"("familyId", "createdAt");
CREATE INDEX "Job_inputId_idx" ON "Job"("inputId");
CREATE UNIQUE INDEX "Job_userId_promptId_key" ON "Job"("userId", "promptId");
CREATE INDEX "Job_userId_clientId_idx" ON "Job"("userId", "clientId");
CREATE INDEX "Job_userId_endedAt_id_idx" ON "Job"("userId", "endedAt", "id");

CREATE TABLE "Graph" (
    "jobId" TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    "prompt" TEXT COLLATE "C" NOT NULL,
    "workflow" TEXT COLLATE "C",
    "extraData" TEXT COLLATE "C",
    "metadata" TEXT COLLATE "C",
    CONSTRAINT "Graph_jobId_fkey" FOREIGN KEY ("jobId") REFERENCES "Job" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

CREATE TABLE "Attempt" (
    "id" TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    "jobId" TEXT COLLATE "C" NOT NULL,
    "endpointId" TEXT COLLATE "C" NOT NULL,
    "number" INTEGER NOT NULL,
    "plan" TEXT COLLATE "C" NOT NULL,
    "sentAt" TIMESTAMP(3) NOT NULL,
    "answer" TEXT COLLATE "C",
    "httpStatus" INTEGER,
    "answeredAt" TIMESTAMP(3),
    "startedAt" TIMESTAMP(3),
    "wholeAt" TIMESTAMP(3),
    "endedAt" TIMESTAMP(3),
    "outcome" TEXT COLLATE "C",
    "detail" TEXT COLLATE "C",
    "fingerprint" TEXT COLLATE "C",
    "heard" BOOLEAN,
    CONSTRAINT "Attempt_jobId_fkey" FOREIGN KEY ("jobId") REFERENCES "Job" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "Attempt_endpointId_fkey" FOREIGN KEY ("endpointId") REFERENCES "Endpoint" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
);
CREATE INDEX "Attempt_jobId_idx" ON "Attempt"("jobId");
CREATE INDEX "Attempt_endedAt_idx" ON "Attempt"("endedAt");
CREATE INDEX "Attempt_endpointId_sentAt_idx" ON "Attempt"("endpointId", "sentAt");
CREATE INDEX "Attempt_outcome_idx" ON "Attempt"("outcome");
CREATE INDEX "Attempt_endpointId_fingerprint_sentAt_idx" ON "Attempt"("endpointId", "fingerprint", "sentAt");

CREATE TABLE "Duplicate" (
    "id" TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    "jobId" TEXT COLLATE "C" NOT NULL,
    "endpointId" TEXT COLLATE "C" NOT NULL,
    "plan" TEXT COLLATE "C" NOT NULL,
    "sentAt" TIMESTAMP(3) NOT NULL,
    "answer" TEXT COLLATE "C",
    "httpStatus" INTEGER,
    "answeredAt" TIMESTAMP(3),
    "startedAt" TIMESTAMP(3),
    "endedAt" TIMESTAMP(3),
    "stoppedAt" TIMESTAMP(3),
    CONSTRAINT "Duplicate_jobId_fkey" FOREIGN KEY ("jobId") REFERENCES "Job" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "Duplicate_endpointId_fkey" FOREIGN KEY ("endpointId") REFERENCES "Endpoint" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
);
CREATE INDEX "Duplicate_jobId_idx" ON "Duplicate"("jobId");
CREATE INDEX "Duplicate_endedAt_idx" ON "Duplicate"("endedAt");
CREATE INDEX "Duplicate_endpointId_sentAt_idx" ON "Duplicate"("endpointId", "sentAt");

CREATE TABLE "JobInput" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "jobId" TEXT COLLATE "C" NOT NULL,
    "name" TEXT COLLATE "C" NOT NULL,
    "inputId" TEXT COLLATE "C" NOT NULL,
    "file" TEXT COLLATE "C" NOT NULL,
    "kind" TEXT COLLATE "C" NOT NULL,
    CONSTRAINT "JobInput_jobId_fkey" FOREIGN KEY ("jobId") REFERENCES "Job" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE UNIQUE INDEX "JobInput_jobId_name_key" ON "JobInput"("jobId", "name");
CREATE INDEX "JobInput_inputId_idx" ON "JobInput"("inputId");
CREATE INDEX "JobInput_file_idx" ON "JobInput"("file");

CREATE TABLE "GenerationMetadata" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "jobId" TEXT COLLATE "C" NOT NULL,
    "nodeId" TEXT COLLATE "C" NOT NULL,
    "userId" TEXT COLLATE "C" NOT NULL,
    "title" TEXT COLLATE "C" NOT NULL,
    "model" TEXT COLLATE "C",
    "seed" TEXT COLLATE "C",
    "prompt" TEXT COLLATE "C",
    CONSTRAINT "GenerationMetadata_jobId_fkey" FOREIGN KEY ("jobId") REFERENCES "Job" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE UNIQUE INDEX "GenerationMetadata_jobId_nodeId_key" ON "GenerationMetadata"("jobId", "nodeId");
CREATE INDEX "GenerationMetadata_userId_model_idx" ON "GenerationMetadata"("userId", "model");
CREATE INDEX "GenerationMetadata_userId_seed_idx" ON "GenerationMetadata"("userId", "seed");
CREATE INDEX "GenerationMetadata_userId_title_idx" ON "GenerationMetadata"("userId", "title");

CREATE TABLE "GenerationLora" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "metadataId" INTEGER NOT NULL,
    "name" TEXT COLLATE "C" NOT NULL,
    CONSTRAINT "GenerationLora_metadataId_fkey" FOREIGN KEY ("metadataId") REFERENCES "GenerationMetadata" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE UNIQUE INDEX "GenerationLora_metadataId_name_key" ON "GenerationLora"("metadataId", "name");
CREATE INDEX "GenerationLora_name_idx" ON "GenerationLora"("name");

-- What a search looks for. The words are kept as they came: for another installation to index them in its own way.
CREATE TABLE "GenerationWords" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "words" TEXT NOT NULL,
    "terms" TSVECTOR NOT NULL,
    CONSTRAINT "GenerationWords_id_fkey" FOREIGN KEY ("id") REFERENCES "GenerationMetadata" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE INDEX "GenerationWords_terms_idx" ON "GenerationWords" USING GIN ("terms");

CREATE TABLE "Result" (
    "id" TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    "userId" TEXT COLLATE "C" NOT NULL,
    "jobId" TEXT COLLATE "C" NOT NULL,
    "attemptId" TEXT COLLATE "C",
    "nodeId" TEXT COLLATE "C" NOT NULL,
    "name" TEXT COLLATE "C" NOT NULL,
    "path" TEXT COLLATE "C" NOT NULL,
    "stem" TEXT COLLATE "C" NOT NULL,
    "counter" INTEGER NOT NULL,
    "kind" TEXT COLLATE "C" NOT NULL,
    "mime" TEXT COLLATE "C" NOT NULL,
    "bytes" BIGINT NOT NULL,
    "sha256" TEXT COLLATE "C" NOT NULL,
    "width" INTEGER,
    "height" INTEGER,
    "duration" DOUBLE PRECISION,
    "deliveredAt" TIMESTAMP(3),
    "codecs" TEXT COLLATE "C",
    "metadataId" INTEGER,
    "favourite" BOOLEAN NOT NULL DEFAULT false,
    "rating" INTEGER NOT NULL DEFAULT 0,
    "rejected" BOOLEAN NOT NULL DEFAULT false,
    "wallAt" TIMESTAMP(3),
    "removedAt" TIMESTAMP(3),
    "preview" BOOLEAN NOT NULL DEFAULT false,
    "unfinished" BOOLEAN NOT NULL DEFAULT false,
    "workerStem" TEXT COLLATE "C",
    "givenName" TEXT COLLATE "C",
    "blake3" TEXT COLLATE "C",
    CONSTRAINT "Result_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "Result_jobId_fkey" FOREIGN KEY ("jobId") REFERENCES "Job" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "Result_attemptId_fkey" FOREIGN KEY ("attemptId") REFERENCES "Attempt" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "Result_metadataId_fkey" FOREIGN KEY ("metadataId") REFERENCES "GenerationMetadata" ("id") ON DELETE SET NULL ON UPDATE CASCADE
);
CREATE UNIQUE INDEX "Result_path_key" ON "Result"("path");
CREATE UNIQUE INDEX "Result_jobId_nodeId_name_key" ON "Result"("jobId", "nodeId", "name");
CREATE INDEX "Result_wallAt_idx" ON "Result"("wallAt");
CREATE INDEX "Result_removedAt_idx" ON "Result"("removedAt");
CREATE INDEX "Result_search_idx" ON "Result"("userId", "deliveredAt", "id", "removedAt", "rejected", "favourite", "rating", "kind", "preview", "metadataId");
CREATE INDEX "Result_preview_deliveredAt_idx" ON "Result"("preview", "deliveredAt");
CREATE INDEX "Result_userId_stem_counter_idx" ON "Result"("userId", "stem", "counter");
CREATE INDEX "Result_jobId_nodeId_workerStem_idx" ON "Result"("jobId", "nodeId", "workerStem");
CREATE INDEX "Result_metadataId_idx" ON "Result"("metadataId");
CREATE INDEX "Result_givenName_idx" ON "Result"("userId", "givenName") WHERE "givenName" IS NOT NULL;
CREATE INDEX "Result_blake3_idx" ON "Result"("userId", "blake3") WHERE "blake3" IS NOT NULL;

CREATE TABLE "SearchTerm" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "userId" TEXT COLLATE "C" NOT NULL,
    "term" TEXT COLLATE "C" NOT NULL,
    CONSTRAINT "SearchTerm_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE UNIQUE INDEX "SearchTerm_userId_term_key" ON "SearchTerm"("userId", "term");

CREATE TABLE "Event" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "userId" TEXT COLLATE "C" NOT NULL,
    "type" TEXT COLLATE "C" NOT NULL,
    "jobId" TEXT COLLATE "C" NOT NULL,
    "resultId" TEXT COLLATE "C",
    "createdAt" TIMESTAMP(3) NOT NULL
);
CREATE INDEX "Event_userId_id_idx" ON "Event"("userId", "id");
CREATE INDEX "Event_createdAt_idx" ON "Event"("createdAt");

CREATE TABLE "ApiRequest" (
    "id" TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    "userId" TEXT COLLATE "C" NOT NULL,
    "key" TEXT COLLATE "C" NOT NULL,
    "bodyHash" TEXT COLLATE "C" NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL,
    CONSTRAINT "ApiRequest_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE UNIQUE INDEX "ApiRequest_userId_key_key" ON "ApiRequest"("userId", "key");
CREATE INDEX "ApiRequest_createdAt_idx" ON "ApiRequest"("createdAt");

CREATE TABLE "RemovedInput" (
    "file" TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    "removedAt" TIMESTAMP(3) NOT NULL
);

CREATE TABLE "ComfyuiSetting" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "userId" TEXT COLLATE "C" NOT NULL,
    "key" TEXT COLLATE "C" NOT NULL,
    "value" TEXT COLLATE "C" NOT NULL,
    CONSTRAINT "ComfyuiSetting_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE UNIQUE INDEX "ComfyuiSetting_userId_key_key" ON "ComfyuiSetting"("userId", "key");

CREATE TABLE "ComfyuiFile" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "userId" TEXT COLLATE "C" NOT NULL,
    "path" TEXT COLLATE "C" NOT NULL,
    "bytes" INTEGER NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL,
    "modifiedAt" TIMESTAMP(3) NOT NULL,
    "content" BYTEA NOT NULL,
    CONSTRAINT "ComfyuiFile_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE UNIQUE INDEX "ComfyuiFile_userId_path_key" ON "ComfyuiFile"("userId", "path");

CREATE TABLE "Setting" (
    "key" TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    "value" TEXT COLLATE "C" NOT NULL
);

CREATE TABLE "AuditEvent" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "at" TIMESTAMP(3) NOT NULL,
    "actorId" TEXT COLLATE "C",
    "actorName" TEXT COLLATE "C" NOT NULL,
    "type" TEXT COLLATE "C" NOT NULL,
    "subjectId" TEXT COLLATE "C",
    "detail" TEXT COLLATE "C" NOT NULL,
    "actionId" TEXT COLLATE "C",
    "subjectName" TEXT COLLATE "C",
    "onBehalfOfId" TEXT COLLATE "C",
    "onBehalfOfName" TEXT COLLATE "C"
);
CREATE INDEX "AuditEvent_at_idx" ON "AuditEvent"("at");
CREATE INDEX "AuditEvent_subjectId_idx" ON "AuditEvent"("subjectId");
CREATE UNIQUE INDEX "AuditEvent_actionId_key" ON "AuditEvent"("actionId");
CREATE INDEX "AuditEvent_onBehalfOfId_idx" ON "AuditEvent"("onBehalfOfId");

CREATE TABLE "ClientLog" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "userId" TEXT COLLATE "C" NOT NULL,
    "at" TIMESTAMP(3) NOT NULL,
    "group" TEXT COLLATE "C" NOT NULL,
    "level" TEXT COLLATE "C" NOT NULL,
    "message" TEXT COLLATE "C" NOT NULL,
    "stack" TEXT COLLATE "C",
    "source" TEXT COLLATE "C" NOT NULL,
    "page" TEXT COLLATE "C" NOT NULL,
    "browser" TEXT COLLATE "C" NOT NULL,
    "count" INTEGER NOT NULL,
    CONSTRAINT "ClientLog_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE INDEX "ClientLog_at_idx" ON "ClientLog"("at");
CREATE INDEX "ClientLog_group_at_idx" ON "ClientLog"("group", "at");
CREATE INDEX "ClientLog_userId_at_idx" ON "ClientLog"("userId", "at");

CREATE TABLE "Workflow" (
    "id" TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    "name" TEXT COLLATE "C" NOT NULL,
    "workflow" TEXT COLLATE "C" NOT NULL,
    "prompt" TEXT COLLATE "C",
    "offered" BOOLEAN NOT NULL DEFAULT true,
    "createdAt" TIMESTAMP(3) NOT NULL,
    "place" INTEGER NOT NULL DEFAULT 0,
    "makes" TEXT COLLATE "C",
    "preset" TEXT COLLATE "C",
    "picture" BYTEA,
    "pictureVersion" TEXT COLLATE "C"
);
CREATE UNIQUE INDEX "Workflow_name_key" ON "Workflow"("name");

CREATE TABLE "IgnoredOrphan" (
    "path" TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    "ignoredAt" TIMESTAMP(3) NOT NULL
);

CREATE TABLE "ScaleInProtection" (
    "deployment" TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    "minBefore" INTEGER NOT NULL,
    "minSet" INTEGER NOT NULL,
    "minAsked" INTEGER NOT NULL,
    "heldAt" TIMESTAMP(3) NOT NULL
);
