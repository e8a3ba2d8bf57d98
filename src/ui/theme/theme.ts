export const THEMES = ['dark', 'light', 'system'] as const;
export type Theme = (typeof THEMES)[number];

export const THEME_KEY = 'comfyume.theme';
/** Pictures are viewed in dark rooms. */
export const DEFAULT_THEME: Theme = 'dark';

export const toTheme = (text: string): Theme => THEMES.find((theme) => theme === text) ?? DEFAULT_THEME;

/** Runs before the first paint, so that a light theme does not flash dark; later it follows the choice of another tab. */
export const themeScript = `(() => {
  const show = () => {
    try {
      document.documentElement.dataset.theme = localStorage.getItem('${THEME_KEY}') ?? '${DEFAULT_THEME}';
    } catch {
      document.documentElement.dataset.theme = '${DEFAULT_THEME}';
    }
  };
  show();
  addEventListener('storage', show);
})()`;
