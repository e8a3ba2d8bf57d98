-- What programs of the Comfy API v2 say of a job, and the requests that they may repeat.
ALTER TABLE "Graph" ADD COLUMN "metadata" TEXT;

CREATE TABLE "ApiRequest" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "userId" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "bodyHash" TEXT NOT NULL,
    "createdAt" DATETIME NOT NULL,
    CONSTRAINT "ApiRequest_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE UNIQUE INDEX "ApiRequest_userId_key_key" ON "ApiRequest"("userId", "key");
CREATE INDEX "ApiRequest_createdAt_idx" ON "ApiRequest"("createdAt");
