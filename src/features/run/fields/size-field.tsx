import { reshaped, SHAPES, shapeOf } from '#src/domain/fields/shapes.ts';
import { SelectField, TextField } from '#src/ui/forms/field.tsx';
import type { FormField, OnSet } from './form-fields.ts';

type SizeFieldProps = {
  width: FormField;
  height: FormField;
  /** Of the sides, where the shape is chosen. */
  step: number;
  onSet: OnSet;
};

const OWN = 'own';

/** Width and height in one row, with shapes that keep about as many pixels. */
export function SizeField({ width, height, step, onSet }: SizeFieldProps) {
  const size = { width: Number(width.typed), height: Number(height.typed) };
  const shape = shapeOf(size, step);
  const choose = (name: string): void => {
    const chosen = SHAPES.find((each) => each.name === name);
    const from =
      size.width > 0 && size.height > 0 ? size : { width: Number(width.value), height: Number(height.value) };
    if (!chosen) return;
    const next = reshaped(from, chosen.ratio, step);
    onSet(width.key, String(next.width));
    onSet(height.key, String(next.height));
  };
  return (
    <div className="grid grid-cols-2 gap-3 sm:grid-cols-4">
      <div className="col-span-2">
        <SelectField
          label={width.label.replace('Width', 'Shape')}
          value={shape ?? OWN}
          onChange={({ currentTarget }) => choose(currentTarget.value)}
        >
          {SHAPES.map(({ name }) => (
            <option key={name}>{name}</option>
          ))}
          {shape === null && <option value={OWN}>Own size</option>}
        </SelectField>
      </div>
      {[width, height].map(({ key, label, typed, why, hint }) => (
        <TextField
          key={key}
          label={label}
          hint={hint}
          error={why}
          value={String(typed)}
          inputMode="numeric"
          autoComplete="off"
          onChange={({ currentTarget }) => onSet(key, currentTarget.value)}
        />
      ))}
    </div>
  );
}
