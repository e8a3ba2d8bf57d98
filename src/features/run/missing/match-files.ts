const baseName = (path: string): string => path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
const key = (path: string): string => baseName(path).normalize('NFC').toLowerCase();

/** Which of the missing names each of these files is for: the one it is called like; the only file for the only name, whatever it is called. */
export function matchFiles<F extends { readonly name: string }>(
  files: readonly F[],
  missing: readonly string[],
): Map<string, F> {
  const [file] = files;
  const [name] = missing;
  if (files.length === 1 && missing.length === 1 && file && name !== undefined) return new Map([[name, file]]);
  return new Map(
    missing.flatMap((wanted) => {
      const found = files.find((one) => key(one.name) === key(wanted));
      return found ? [[wanted, found] as const] : [];
    }),
  );
}
