/**
 * Gives the focus to a field that came after its dialog was opened, if the dialog itself still has it. A field that is there from the beginning is marked with
 * `data-first` instead.
 */
export function takeFocus(field: HTMLElement | null | undefined): void {
  // Where what had the focus is gone, the dialog gets it in a microtask.
  queueMicrotask(() => {
    if (field && document.activeElement === field.closest('[role="dialog"]')) field.focus();
  });
}
