import { THEMES, type Theme } from '#src/ui/theme.ts';
import { useTheme } from '#src/ui/use-theme.ts';

const NAMES: Record<Theme, string> = { dark: 'Dark', light: 'Light', system: 'As the system' };

export function Look() {
  const [theme, setTheme] = useTheme();
  return (
    <fieldset>
      <legend className="mb-3 text-15 font-semibold">Look</legend>
      <div className="inline-flex rounded border border-edge/60 bg-panel p-0.5">
        {THEMES.map((each) => (
          <label
            key={each}
            className="flex min-h-8 cursor-pointer items-center rounded px-3 text-quiet transition-colors hover:text-text has-checked:bg-raised has-checked:text-text has-focus-visible:outline-2 has-focus-visible:outline-accent pointer-coarse:min-h-10"
          >
            <input
              type="radio"
              name="theme"
              className="sr-only"
              checked={each === theme}
              onChange={() => setTheme(each)}
            />
            {NAMES[each]}
          </label>
        ))}
      </div>
      <p className="mt-2 text-quiet">
        For this browser. Grey is neutral in both, so that it says nothing about your pictures.
      </p>
    </fieldset>
  );
}
