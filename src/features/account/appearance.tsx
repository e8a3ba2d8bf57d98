import { THEMES, type Theme } from '#src/ui/theme/theme.ts';
import { useTheme } from '#src/ui/theme/use-theme.ts';

const NAMES: Record<Theme, string> = { dark: 'Dark', light: 'Light', system: 'System' };

export function Appearance() {
  const [theme, setTheme] = useTheme();
  return (
    <fieldset>
      <legend className="mb-3">
        <h2 className="text-15 font-semibold">Appearance</h2>
      </legend>
      <div className="inline-flex rounded border border-edge/60 bg-panel p-0.5">
        {THEMES.map((each) => (
          <label
            key={each}
            className="relative flex min-h-8 items-center rounded border border-transparent px-3 text-quiet transition-colors hover:text-text has-checked:border-accent has-checked:text-text has-focus-visible:outline-2 has-focus-visible:outline-accent pointer-coarse:min-h-10"
          >
            <input
              type="radio"
              name="theme"
              className="absolute inset-0 cursor-pointer opacity-0"
              checked={each === theme}
              onChange={() => setTheme(each)}
            />
            {NAMES[each]}
          </label>
        ))}
      </div>
      <p className="mt-2 text-quiet">Saved in this browser. Both themes are neutral grey, so colours look right.</p>
    </fieldset>
  );
}
