import { BOUNDS } from '#src/domain/settings/bounds.ts';
import type { Settings } from '#src/domain/settings/settings.ts';
import { AMOUNTS, type Amount, type Choice, SWITCHES, type Switch } from './setting-fields.ts';
import { toUnits } from './units.ts';

export const shownAmount = ({ key, unit }: Amount, settings: Pick<Settings, Amount['key']>): number =>
  toUnits(settings[key], unit);

/** The bounds of the server, in the form's units: never beyond them by rounding. */
export const shownBounds = ({ key, unit }: Pick<Amount, 'key' | 'unit'>) => ({
  min: toUnits(BOUNDS[key].min, unit, Math.ceil),
  max: toUnits(BOUNDS[key].max, unit, Math.floor),
});

type Editable = Pick<
  Settings,
  Amount['key'] | Switch['key'] | Choice['key'] | 'classTitle' | 'currency' | 'allowedExtraData'
>;

/** The settings that differ between form and server. The form's own validation keeps amounts within their bounds. */
export function changedSettings(form: FormData, settings: Editable): Partial<Editable> {
  const changed: Partial<Editable> = {};
  for (const amount of AMOUNTS) {
    const typed = Number(form.get(amount.key));
    if (typed !== shownAmount(amount, settings)) changed[amount.key] = Math.round(typed * amount.unit);
  }
  for (const { key } of SWITCHES) {
    const on = form.get(key) !== null;
    if (on !== settings[key]) changed[key] = on;
  }
  const fairness = form.get('fairness');
  if (fairness !== settings.fairness && (fairness === 'fair' || fairness === 'first-come' || fairness === 'priority'))
    changed.fairness = fairness;
  const detail = form.get('bannerDetail');
  if (detail !== settings.bannerDetail && (detail === 'participant' || detail === 'operator'))
    changed.bannerDetail = detail;
  const classTitle = String(form.get('classTitle') ?? '').trim();
  if (classTitle !== settings.classTitle) changed.classTitle = classTitle;
  const currency = String(form.get('currency') ?? '').toUpperCase();
  if (currency !== settings.currency) changed.currency = currency;
  const allowed = String(form.get('allowedExtraData') ?? '')
    .split(/[\s,]+/)
    .filter((key) => key !== '');
  if (allowed.join() !== settings.allowedExtraData.join()) changed.allowedExtraData = allowed;
  return changed;
}
