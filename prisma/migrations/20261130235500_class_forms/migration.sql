-- Class workflows in the Run dialog: their order, what they make, what their form has, and a sample picture.
ALTER TABLE "Workflow" ADD COLUMN "place" INTEGER NOT NULL DEFAULT 0;
ALTER TABLE "Workflow" ADD COLUMN "makes" TEXT;
ALTER TABLE "Workflow" ADD COLUMN "preset" TEXT;
ALTER TABLE "Workflow" ADD COLUMN "picture" BLOB;
ALTER TABLE "Workflow" ADD COLUMN "pictureVersion" TEXT;
