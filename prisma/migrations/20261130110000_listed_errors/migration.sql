-- What lists show of node errors, apart from all that is kept of them: a list holds 200 jobs. Long ones of before are shown on the job alone.
ALTER TABLE "Job" ADD COLUMN "listedErrors" TEXT;
UPDATE "Job" SET "listedErrors" = "nodeErrors" WHERE length("nodeErrors") <= 2500;
