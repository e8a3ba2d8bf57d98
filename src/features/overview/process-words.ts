/** What an operator has to know when several processes do not run the same version; null = they do. */
export function versionWords(processes: readonly { readonly version: string }[]): string | null {
  const versions = [...new Set(processes.map(({ version }) => version))].sort();
  if (versions.length < 2) return null;
  return `The processes run different versions: ${versions.join(', ')}. Update all of them to the same version.`;
}
