import type { Page } from '@playwright/test';

/** Two to four results beside each other. */
export function comparePage(page: Page) {
  const dialog = page.getByRole('dialog', { name: /^Compare/ });
  const table = dialog.getByRole('table');
  return {
    dialog,
    pane: (letter: string) => dialog.getByRole('region', { name: new RegExp(`^${letter}: `) }),
    films: dialog.locator('video'),
    button: (name: string | RegExp) => dialog.getByRole('button', { name }),
    edge: dialog.getByRole('slider', { name: 'Slider position' }),
    timecode: dialog.locator('[data-timecode]'),
    table,
    row: (name: string) => table.getByRole('row', { name }),
  };
}
