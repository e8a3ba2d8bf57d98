-- The BLAKE3 of uploads and results, by which programs ask whether their owner has a file already.
ALTER TABLE "Input" ADD COLUMN "blake3" TEXT;
ALTER TABLE "Result" ADD COLUMN "blake3" TEXT;

CREATE INDEX "Input_userId_blake3_idx" ON "Input"("userId", "blake3");
CREATE INDEX "Result_blake3_idx" ON "Result"("userId", "blake3") WHERE "blake3" IS NOT NULL;
