import { readFile } from 'node:fs/promises';
import { expect, test } from './fixtures.ts';
import { runJob } from './jobs.ts';
import { workPage } from './pages/work.ts';
import { picture } from './workflows.ts';

/** Names in the directory at the end of a zip. */
function namesIn(zip: Buffer): string[] {
  const names: string[] = [];
  const end = zip.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  const count = zip.readUInt16LE(end + 10);
  for (let at = zip.readUInt32LE(end + 16); names.length < count; ) {
    const length = zip.readUInt16LE(at + 28);
    names.push(zip.toString('utf8', at + 46, at + 46 + length));
    at += 46 + length + zip.readUInt16LE(at + 30);
  }
  return names;
}

test('everything is in one zip file, with parameters, workflows and a contact sheet', async ({ open, ada, api }) => {
  const [first] = await runJob(api, { title: 'Hafen', prompt: picture({ prefix: 'Füße 雨', batch: 3 }) });
  await api.results.mark.mutate({ ids: [first!.id], rejected: true });
  const page = await open(ada);
  await expect(workPage(page).tiles.first()).toBeVisible();
  await page.getByRole('button', { name: 'Download all' }).click();
  const dialog = page.getByRole('dialog', { name: 'Download' });
  await expect(dialog.getByRole('radio', { name: /^All results 2 files/ })).toBeChecked();
  await dialog.getByRole('checkbox', { name: 'Include rejected results' }).check();
  await expect(dialog.getByRole('radio', { name: /^All results 3 files/ })).toBeChecked();

  const [download] = await Promise.all([
    page.waitForEvent('download'),
    dialog.getByRole('button', { name: /^Download/ }).click(),
  ]);
  expect(download.suggestedFilename()).toMatch(new RegExp(`^${ada.name} \\d{4}-\\d\\d-\\d\\d\\.zip$`));
  const names = namesIn(await readFile(await download.path()));
  expect(names.filter((name) => /^\d{4}-\d\d-\d\d\/Füße 雨_0000[123]_\.png$/.test(name))).toHaveLength(3);
  expect(names).toEqual(expect.arrayContaining(['parameters.csv', 'parameters.json', 'contact-sheet-01.jpg']));
  expect(names.some((name) => /^workflows\/Hafen-.*\.json$/.test(name))).toBe(true);
  await expect(dialog.getByRole('status')).toContainText('Download started: 7 files');
});

test('the filtered results, and nothing of anybody else', async ({ stage, open, as }) => {
  const [ada, ben] = await stage.people('Ada', 'Ben');
  const { api } = await as(ada!);
  const [[liked]] = await Promise.all([
    runJob(api, { prompt: picture({ prefix: 'liked' }) }),
    runJob(api, { prompt: picture({ prefix: 'plain' }) }),
  ]);
  await api.results.setFavourite.mutate({ id: liked!.id, favourite: true });
  const page = await open(ada!, { path: '/?favourite=1' });
  await page.getByRole('button', { name: 'Download all' }).click();
  const dialog = page.getByRole('dialog', { name: 'Download' });
  await expect(dialog.getByRole('radio', { name: /^Filtered results 1 file/ })).toBeChecked();
  await expect(dialog.getByRole('radio', { name: /^All results 2 files/ })).not.toBeChecked();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    dialog.getByRole('button', { name: /^Download/ }).click(),
  ]);
  const names = namesIn(await readFile(await download.path()));
  expect(names.filter((name) => name.endsWith('.png'))).toEqual([expect.stringMatching(/liked_00001_\.png$/)]);

  const { cookie } = await as(ben!);
  const foreign = await fetch(download.url(), { headers: { cookie: `${cookie.name}=${cookie.value}` } });
  expect(foreign.status).toBe(404);
});
