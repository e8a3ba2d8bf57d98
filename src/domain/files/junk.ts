/** What systems and copying programs leave beside files for a while or for ever. rsync and NFS begin theirs with a dot. */
const JUNK = /^(\..*|thumbs\.db|ehthumbs\.db|desktop\.ini|.*~|.*\.(tmp|temp|part|partial|crdownload|filepart))$/i;

/** A file that nobody meant to write: no result, no activity. No prefix gives such a name (`workflow/outputs/safe-path.ts`). */
export const isJunk = (name: string): boolean => JUNK.test(name);

/** A folder likewise. A participant may call one almost anything, but none begins with a dot. */
export const isJunkFolder = (name: string): boolean => name.startsWith('.');
