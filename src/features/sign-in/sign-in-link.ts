/**
 * Signs in the person who opens it. Name and passphrase stand behind the `#`, which browsers send to no server and which therefore is in no log. No name has a
 * colon.
 */
export const signInLink = (address: string, name: string, passphrase: string): string =>
  `${address}/login#${encodeURIComponent(name)}:${encodeURIComponent(passphrase)}`;

export type SignIn = { readonly name: string; readonly password: string };

/** Name and passphrase of such a link; null when the fragment is something else. */
export function readSignIn(fragment: string): SignIn | null {
  const parts = /^#([^:]+):(.+)$/.exec(fragment);
  if (!parts) return null;
  try {
    return { name: decodeURIComponent(parts[1] ?? ''), password: decodeURIComponent(parts[2] ?? '') };
  } catch (error) {
    // A link that was cut off within a character.
    if (error instanceof URIError) return null;
    throw error;
  }
}
