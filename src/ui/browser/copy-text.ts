/** Puts text on the clipboard. Class rooms serve over plain http, where browsers hide `navigator.clipboard`: there a hidden field is copied. */
export async function copyText(text: string): Promise<void> {
  if (window.isSecureContext) {
    await navigator.clipboard.writeText(text);
    return;
  }
  const before = document.activeElement;
  const field = document.createElement('textarea');
  field.value = text;
  field.style.position = 'fixed';
  field.style.opacity = '0';
  // Inside an open dialog the focus cannot leave it, and without focus nothing is selected.
  const home = document.querySelector('[role="dialog"]') ?? document.body;
  home.append(field);
  field.select();
  const done = document.execCommand('copy');
  field.remove();
  if (before instanceof HTMLElement) before.focus();
  if (!done) throw new Error('The browser blocked copying. Select the text and copy it manually.');
}
