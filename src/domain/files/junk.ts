/** What systems and copying programs leave beside files for a while or for ever. rsync and NFS begin theirs with a dot. */
const JUNK =
  /^(\..*|thumbs\.db|ehthumbs\.db|desktop\.ini|__macosx|~\$.*|.*~|.*\.(tmp|temp|part|partial|crdownload|filepart))$/i;

/** A file or a folder that nobody meant to write: no result, no sign of life. No prefix gives such a name (`safePrefix`). */
export const isJunk = (name: string): boolean => JUNK.test(name);
