-- What a token may do, and until when. Those of before may do everything, as they could, and do not expire.
ALTER TABLE "PersonalToken" ADD COLUMN "scope" TEXT NOT NULL DEFAULT 'all';
ALTER TABLE "PersonalToken" ADD COLUMN "expiresAt" DATETIME;
