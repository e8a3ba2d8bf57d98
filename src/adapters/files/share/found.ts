import { counted } from '#src/domain/measures.ts';
import type { FoundFile, Listing } from '#src/ports/share.ts';

/** A look at this many takes a few seconds; an image sequence can be long. */
const MAX_FILES = 50_000;
export const MAX_DEPTH = 12;

/** What a look into a folder has found so far, and what it left out. */
export class Found {
  readonly files: FoundFile[] = [];
  unreadable = 0;
  tooDeep = 0;
  #isFull = false;

  /** Asked for each file and folder that is still to come. */
  hasRoom(): boolean {
    this.#isFull ||= this.files.length >= MAX_FILES;
    return !this.#isFull;
  }

  listing(): Listing {
    const leftOut: string[] = [];
    if (this.#isFull)
      leftOut.push(`Only ${MAX_FILES.toLocaleString('en')} files of a run are delivered. The rest stay on the share.`);
    if (this.tooDeep > 0)
      leftOut.push(`${counted(this.tooDeep, 'folder lies', 'folders lie')} too deep: more than ${MAX_DEPTH} levels.`);
    if (this.unreadable > 0)
      leftOut.push(`${counted(this.unreadable, 'file name is', 'file names are')} not UTF-8 and cannot be read.`);
    return { files: this.files, leftOut };
  }
}
