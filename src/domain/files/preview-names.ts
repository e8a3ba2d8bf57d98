/** Below the participant's folder. Hidden, and no save node's name can begin with it: `splitName` leaves no leading dot. */
const FOLDER = '.previews';

/** Where a preview is stored: it takes no number from a result's name. */
export const previewStem = (stem: string): string => `${FOLDER}/${stem}`;

/** The name of a preview without that folder; any other name as it is. `filename` is below the participant's folder. */
export const ownName = (filename: string): string =>
  filename.startsWith(`${FOLDER}/`) ? filename.slice(FOLDER.length + 1) : filename;
