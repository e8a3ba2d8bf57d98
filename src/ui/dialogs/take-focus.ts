/** Gives the focus to a field of a dialog that came after the dialog did, unless somebody has moved the focus within it meanwhile. */
export function takeFocus(field: HTMLElement | null | undefined): void {
  const dialog = field?.closest('[role="dialog"]');
  const focused = document.activeElement;
  if (field && dialog && (focused === dialog || !dialog.contains(focused))) field.focus();
}
