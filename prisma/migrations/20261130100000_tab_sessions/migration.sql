-- A session for the ComfyUI tab, and the one in the gallery that it was opened from and ends with. Those of before are the gallery's.
ALTER TABLE "Session" ADD COLUMN "parentId" TEXT REFERENCES "Session" ("id") ON DELETE CASCADE ON UPDATE CASCADE;
CREATE INDEX "Session_parentId_idx" ON "Session"("parentId");
