import { endingOf, staticPath, typeByEnding } from './paths.ts';

const IN_HTML = /\b(?:src|href)\s*=\s*["']([^"'<>\s]{1,500})["']/gi;
const IN_CSS = /url\(\s*["']?([^"')\s]{1,500})["']?\s*\)|@import\s*["']([^"'\s]{1,500})["']/g;
/** A text without spaces or places to fill in that ends like a file. */
const IN_JS = /["'`]([^"'`\s<>{}$\\:]{1,300}?\.\w{2,5})(?:[?#][^"'`\s]{0,100})?["'`]/g;
const NEXT_TO_IT = /new\s+URL\(\s*["'`]([^"'`\s<>{}$\\:]{1,300})["'`]\s*,\s*import\.meta\.url/g;

/** Folders that are named without a slash in front and still from the root. */
const FROM_ROOT = /^(assets|scripts|extensions|fonts|cursor|templates|docs)\//;

const textsIn = (text: string, pattern: RegExp): string[] =>
  [...text.matchAll(pattern)].flatMap(([, first, second]) => first ?? second ?? []);

/** Null where it leaves the root, or leads to another server. */
function resolve(reference: string, from: string): string | null {
  const bare = reference.replace(/[?#].*$/s, '');
  if (bare === '' || bare.startsWith('//') || /^[a-z][a-z+.-]*:/i.test(bare)) return null;
  const segments = bare.startsWith('/') ? [] : from.split('/').slice(0, -1);
  for (const segment of bare.replace(/^\//, '').split('/')) {
    if (segment === '..') {
      if (segments.pop() === undefined) return null;
    } else if (segment !== '.') segments.push(segment);
  }
  try {
    return staticPath(decodeURIComponent(segments.join('/')));
  } catch {
    return null;
  }
}

function inScript(text: string, from: string): (string | null)[] {
  const beside = textsIn(text, NEXT_TO_IT).map((reference) => resolve(reference, from));
  const others = textsIn(text, IN_JS).map((reference) => {
    if (/^\.{0,2}\//.test(reference)) return resolve(reference, from);
    return FROM_ROOT.test(reference) ? resolve(reference, '') : null;
  });
  return [...others, ...beside];
}

/** The files of the same page that a file names: of a page, a style sheet or a script. Each once. */
export function referencesIn(text: string, from: string): string[] {
  const found = (() => {
    switch (endingOf(from)) {
      case 'html':
        return textsIn(text, IN_HTML).map((reference) => resolve(reference, from));
      case 'css':
        return textsIn(text, IN_CSS).map((reference) => resolve(reference, from));
      case 'js':
      case 'mjs':
        return inScript(text, from);
      default:
        return [];
    }
  })();
  const paths = found.filter((path) => path !== null);
  return [...new Set(paths)].filter((path) => path !== from && typeByEnding(path) !== null && !path.startsWith('api/'));
}
