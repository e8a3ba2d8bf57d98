const NAME = 'comfyume';

const dot = `<circle cx="18.5" cy="5.5" r="5" fill="#6cc070" stroke="#171717" stroke-width="1.5"/>`;

function badge(running: number): string {
  const text = running > 9 ? '9+' : String(running);
  return `<text x="12" y="17.5" text-anchor="middle" font-family="Inter,system-ui,sans-serif" font-weight="700" font-size="${text.length > 1 ? 12 : 16}" fill="#f2a33a">${text}</text>`;
}

/** The tab's icon while jobs are active or something is new; null: the default. */
export function iconOf(running: number, isNew: boolean): string | null {
  if (running === 0 && !isNew) return null;
  const mark =
    running > 0
      ? badge(running)
      : '<path d="M18.5 10V7a1.5 1.5 0 0 0-1.5-1.5H7A1.5 1.5 0 0 0 5.5 7v10A1.5 1.5 0 0 0 7 18.5h4" fill="none" stroke="#ededed" stroke-width="2" stroke-linecap="round"/><circle cx="17" cy="17" r="3.25" fill="#f2a33a"/>';
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><rect width="24" height="24" rx="5" fill="#171717"/>${mark}${isNew ? dot : ''}</svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}

/** "(2) comfyume"; with a dot in front when something has arrived while the tab was hidden. */
export const titleOf = (running: number, isNew: boolean): string =>
  `${isNew ? '• ' : ''}${running > 0 ? `(${running}) ` : ''}${NAME}`;

/** Replaces the tab's icon; null restores it. */
export function showIcon(icon: string | null): void {
  const link = document.querySelector<HTMLLinkElement>('link[rel~="icon"]');
  if (!link) return;
  link.dataset.own ??= link.href;
  link.href = icon ?? link.dataset.own;
}
