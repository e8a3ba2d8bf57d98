DROP TABLE "Hold";
CREATE TABLE "Hold" (
    "deployment" TEXT NOT NULL PRIMARY KEY,
    "minBefore" INTEGER NOT NULL,
    "minSet" INTEGER NOT NULL,
    "minAsked" INTEGER NOT NULL,
    "heldAt" DATETIME NOT NULL
);
