import { AppError } from '../errors.ts';
import { endOfText } from '../workflow/json-bounds.ts';

const MAX_CLASSES = 50_000;

/** The classes of an `object_info`, each with its own JSON: it has up to 20 MB, and whoever reads one class after another can let others in between. */
export function* classTexts(objectInfo: string): Generator<{ readonly name: string; readonly text: string }> {
  let level = 0;
  let found = 0;
  let name: string | null = null;
  let start = 0;
  for (let at = 0; at < objectInfo.length; at += 1) {
    switch (objectInfo[at]) {
      case '"': {
        const end = endOfText(objectInfo, at);
        if (level === 1) name = String(JSON.parse(objectInfo.slice(at, end + 1)));
        at = end;
        break;
      }
      case '{':
      case '[':
        if (level === 1) start = at;
        level += 1;
        break;
      case '}':
      case ']':
        level -= 1;
        if (level !== 1) break;
        found += 1;
        if (found > MAX_CLASSES)
          throw new AppError('too_large', `There are more than ${MAX_CLASSES.toLocaleString('en')} classes of nodes.`);
        if (name !== null) yield { name, text: objectInfo.slice(start, at + 1) };
        name = null;
        break;
    }
  }
  if (level !== 0 || found === 0) throw new SyntaxError('This is no object of classes.');
}
