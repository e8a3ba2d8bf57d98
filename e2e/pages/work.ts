import { expect, type Page } from '@playwright/test';

type Dropped = { name: string; type?: string; text: string };

/** The Work screen as a person meets it. */
export function workPage(page: Page) {
  const main = page.getByRole('main');
  const results = page.getByRole('region', { name: 'Results' });
  const dialog = page.getByRole('dialog', { name: 'Run a workflow' });
  const jobs = page.getByRole('list', { name: 'Jobs' });

  const tiles = results.getByRole('link', { name: /^(Picture|Film|Sound|Model|File) / });

  async function runSample(title: string, prompt?: string): Promise<void> {
    await page.getByRole('button', { name: 'Run a workflow' }).click();
    await dialog.getByRole('radio', { name: title }).check();
    if (prompt !== undefined) {
      const text = dialog.getByRole('textbox', { name: 'Prompt', exact: true });
      await expect(text).not.toHaveValue('');
      await text.fill(prompt);
    }
    await dialog.getByRole('button', { name: 'Run', exact: true }).click();
    await expect(dialog).toBeHidden();
  }

  /** Every take as a tile of its own, or one stack for each job. */
  const toggleStacks = () => results.getByRole('button', { name: 'Stack the takes of a job' }).click();

  async function drop({ name, type = 'application/json', text }: Dropped): Promise<void> {
    const dataTransfer = await page.evaluateHandle(
      (file) => {
        const transfer = new DataTransfer();
        transfer.items.add(new File([file.text], file.name, { type: file.type }));
        return transfer;
      },
      { name, type, text },
    );
    for (const moment of ['dragover', 'drop']) await main.dispatchEvent(moment, { dataTransfer });
  }

  return {
    results,
    dialog,
    empty: page.getByText('Your results will appear here.'),
    cards: jobs.locator('> li'),
    card: (title: string) => jobs.getByRole('listitem', { name: title }),
    tiles,
    tile: (filename: string) => tiles.and(results.getByRole('link', { name: filename })),
    runSample,
    toggleStacks,
    drop,
  };
}
