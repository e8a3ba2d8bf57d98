/** How often in a row a file may change while it is copied before that is more than a race. */
const RACES = 3;

/**
 * How loudly a delivery that has to be tried again is logged; null = not at all, because it was before. A file that changed while it was copied is a race
 * that every share has; one that goes on changing is worth a line. `times`: how often in a row this file met with this code, this time included.
 */
export function deliveryErrorLevel(code: string, times: number): 'debug' | 'warn' | null {
  if (code === 'file_changed') return times === RACES ? 'warn' : times < RACES ? 'debug' : null;
  return times === 1 ? 'warn' : null;
}
