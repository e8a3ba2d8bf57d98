ALTER TABLE "Endpoint" ADD COLUMN "listening" TEXT NOT NULL DEFAULT 'auto';
