-- What belongs to a person in ComfyUI: whether they have one, what they have set, and what they keep.
ALTER TABLE "User" ADD COLUMN "comfyuiOffAt" DATETIME;

CREATE TABLE "ComfyuiSetting" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "userId" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "value" TEXT NOT NULL,
    CONSTRAINT "ComfyuiSetting_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE UNIQUE INDEX "ComfyuiSetting_userId_key_key" ON "ComfyuiSetting"("userId", "key");

CREATE TABLE "ComfyuiFile" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "userId" TEXT NOT NULL,
    "path" TEXT NOT NULL,
    "bytes" INTEGER NOT NULL,
    "createdAt" DATETIME NOT NULL,
    "modifiedAt" DATETIME NOT NULL,
    "content" BLOB NOT NULL,
    CONSTRAINT "ComfyuiFile_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE UNIQUE INDEX "ComfyuiFile_userId_path_key" ON "ComfyuiFile"("userId", "path");
