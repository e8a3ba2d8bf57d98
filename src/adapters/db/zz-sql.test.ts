import { test } from 'vitest';
import { writeFileSync } from 'node:fs';
import { openFresh } from './fresh-database.testing.ts';
import { openDatabase } from './connection.ts';
test('x', async () => {
  const f = await openFresh();
  const say = (e: unknown) => console.log(JSON.stringify(e), String(e).slice(-200));
  await openDatabase(f.url).catch(say);
  await openDatabase('file:/nonexistent/x.db').catch(say);
  await openDatabase('file:/dev/null/x.db').catch(say);
  writeFileSync(f.folder + '/bad.db', 'hello '.repeat(1000));
  await openDatabase(`file:${f.folder}/bad.db`).catch(say);
  await openDatabase(`file:${f.folder}`).catch(say);
  await openDatabase(`file:x y`).catch(say);
});
