/** A stored amount in the unit of a form, to three decimal places. */
export const toUnits = (stored: number, unit: number, round: (value: number) => number = Math.round): number =>
  round((stored / unit) * 1000) / 1000;
