-- Names that owners give their results.
ALTER TABLE "Result" ADD COLUMN "givenName" TEXT;
CREATE INDEX "Result_givenName_idx" ON "Result"("userId", "givenName") WHERE "givenName" IS NOT NULL;

-- Of what was made before, the first line of the words after the title is the prompt.
ALTER TABLE "GenerationMetadata" ADD COLUMN "prompt" TEXT;
UPDATE "GenerationMetadata" SET "prompt" = (SELECT nullif(substr(line, 1, min(200, instr(line, char(10)) - 1)), '')
  FROM (SELECT substr(w."words", length("GenerationMetadata"."title") + 2) || char(10) AS line FROM "GenerationWords" w WHERE w.rowid = "GenerationMetadata"."id"));

-- Found by model, LoRAs and file names too.
UPDATE "GenerationWords" SET "words" = (SELECT "GenerationWords"."words" || coalesce(char(10) || m."model", '')
    || coalesce(char(10) || (SELECT group_concat(l."name", char(10)) FROM "GenerationLora" l WHERE l."metadataId" = m."id"), '')
    || coalesce(char(10) || (SELECT r."stem" FROM "Result" r WHERE r."metadataId" = m."id" LIMIT 1), '')
  FROM "GenerationMetadata" m WHERE m."id" = "GenerationWords".rowid)
  WHERE rowid IN (SELECT "id" FROM "GenerationMetadata");

CREATE TABLE "SearchTerm" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "userId" TEXT NOT NULL,
    "term" TEXT NOT NULL,
    CONSTRAINT "SearchTerm_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE UNIQUE INDEX "SearchTerm_userId_term_key" ON "SearchTerm"("userId", "term");
CREATE VIRTUAL TABLE "GenerationTerms" USING fts5vocab('GenerationWords', 'instance');
INSERT INTO "SearchTerm" ("userId", "term")
  SELECT DISTINCT m."userId", t.term FROM "GenerationTerms" t JOIN "GenerationMetadata" m ON m."id" = t.doc JOIN "User" u ON u."id" = m."userId"
  WHERE length(t.term) BETWEEN 3 AND 40 AND t.term GLOB '*[^0-9]*';
DROP TABLE "GenerationTerms";
