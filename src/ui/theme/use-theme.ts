import { useStored } from '../browser/use-stored.ts';
import { DEFAULT_THEME, THEME_KEY, type Theme, toTheme } from './theme.ts';

/** The theme of this browser, and the way to change it. */
export function useTheme(): [Theme, (theme: Theme) => void] {
  const [text, setText] = useStored(THEME_KEY, DEFAULT_THEME);
  const choose = (theme: Theme): void => {
    document.documentElement.dataset.theme = theme;
    setText(theme);
  };
  return [toTheme(text), choose];
}
