import { button, el } from './elements.ts';
import { LOOK } from './panel-look.ts';

/** “Please look up”: over the whole page, until it is minimised or the operator ends it. In the browser's top layer, above all that ComfyUI shows. */
export function openLookUp(minimised: () => void) {
  const host = document.createElement('div');
  host.id = 'comfyume-look-up';
  const root = host.attachShadow({ mode: 'open' });
  const words = el('p', 'large');
  const heading = el('h2', '', 'Please look up');
  heading.id = 'heading';
  const dialog = el(
    'dialog',
    'look-up',
    heading,
    words,
    el('p', 'quiet', 'New jobs wait and continue automatically. Nothing is lost.'),
    button('Minimise', '', () => dialog.close()),
  );
  dialog.setAttribute('aria-labelledby', heading.id);
  // ComfyUI's shortcuts listen to the whole page.
  dialog.addEventListener('keydown', (event) => event.stopPropagation());
  let announcement: string | null = null;
  dialog.addEventListener('close', () => announcement !== null && minimised());
  root.append(el('style', '', LOOK), dialog);
  document.body.append(host);

  return {
    /** What is told just now, once for each `id`; null = nothing. */
    show(announced: { readonly id: string; readonly text: string } | null): void {
      if (announced?.id === announcement) return;
      announcement = announced?.id ?? null;
      if (!announced) {
        dialog.close();
        return;
      }
      words.textContent = announced.text;
      if (!dialog.open) dialog.showModal();
    },
  };
}
