import { ownName } from './preview-names.ts';

const MAX_NAME = 120;
const UNSAFE = /[\p{Cc}\p{Cf}<>:"/\\|?*]/u;

const endingOf = (filename: string): string => {
  const dot = filename.lastIndexOf('.');
  return dot > filename.lastIndexOf('/') + 1 ? filename.slice(dot) : '';
};

/** Of a file name without folders: what a person changes, and what stays. */
export function splitEnding(filename: string): { readonly base: string; readonly ending: string } {
  const ending = endingOf(filename);
  return { base: filename.slice(filename.lastIndexOf('/') + 1, filename.length - ending.length), ending };
}

type Named = { readonly path: string; readonly givenName: string | null };

/** Below its owner's folder, as they know it: with the name that they gave it, in the folder that it came in. */
export function shownName({ path, givenName }: Named): string {
  const filename = ownName(path.slice(path.indexOf('/') + 1));
  return givenName === null ? filename : filename.slice(0, filename.lastIndexOf('/') + 1) + givenName;
}

/** A name as somebody typed it, ready to be given to a file that keeps its ending; or why it cannot be. */
export function toGivenName(typed: string, path: string): { readonly name: string } | { readonly problem: string } {
  const { ending } = splitEnding(path);
  const text = typed.normalize('NFC').trim();
  const base =
    ending !== '' && text.toLowerCase().endsWith(ending.toLowerCase()) ? text.slice(0, -ending.length) : text;
  if (UNSAFE.test(base)) return { problem: 'A name cannot have < > : " / \\ | ? * or line breaks in it.' };
  const bare = base.replace(/\s+/g, ' ').replace(/^[. ]+|[. ]+$/g, '');
  if (bare === '') return { problem: 'Enter a name.' };
  if ([...bare].length > MAX_NAME) return { problem: `A name can have at most ${MAX_NAME} characters.` };
  return { name: bare + ending };
}
