import { test } from './fixtures.ts';
import { runJob } from './jobs.ts';
import { workPage } from './pages/work.ts';
import { picture } from './workflows.ts';

for (const theme of ['dark', 'light'] as const)
  for (const width of [1440, 390])
    test(`look ${theme} ${width}`, async ({ open, ada, api }) => {
      await runJob(api, { prompt: picture({ prefix: 'still', prompt: 'a lighthouse at dusk, film grain' }), title: 'Still' });
      const { items } = await api.results.list.query();
      const job = items[0]!.jobId;
      await api.jobs.vary.mutate({ id: job, newSeeds: true, count: 2 });
      await api.jobs.vary.mutate({ id: job, changes: [{ nodeId: '2', input: 'text', value: 'a gull over the sea' }] });
      const page = await open(ada, { viewport: { width, height: width === 390 ? 844 : 900 } });
      await page.evaluate((t) => localStorage.setItem('comfyume.theme', t), theme);
      await page.goto(`/?result=${items[0]!.id}`);
      const work = workPage(page);
      await page.getByRole('dialog').getByRole('img').first().waitFor();
      await page.waitForTimeout(3000);
      await page.mouse.move(200, 200);
      await page.screenshot({ path: `/tmp/look/viewer-${theme}-${width}.png` });
      await page.keyboard.press('i');
      await page.waitForTimeout(600);
      await page.mouse.move(220, 210);
      await page.screenshot({ path: `/tmp/look/panel-${theme}-${width}.png` });
      await page.keyboard.press('e');
      await page.getByRole('textbox', { name: 'Prompt', exact: true }).waitFor();
      await page.getByText('All settings').click();
      await page.waitForTimeout(400);
      await page.screenshot({ path: `/tmp/look/edit-${theme}-${width}.png` });
      void work;
    });
