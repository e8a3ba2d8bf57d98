-- What lists show of errors, apart from all that is kept of them: a list holds 200 jobs. Long node errors of before are shown on the job alone.
ALTER TABLE "Job" ADD COLUMN "listedErrors" TEXT;
UPDATE "Job" SET "listedErrors" = "nodeErrors" WHERE length("nodeErrors") <= 2500;
ALTER TABLE "Job" ADD COLUMN "listedMessage" TEXT GENERATED ALWAYS AS
  (CASE WHEN length("message") > 1000 THEN substr("message", 1, 999) || '…' ELSE "message" END) VIRTUAL;
