import { Toaster as Sonner } from 'sonner';
import { useTheme } from '../theme/use-theme.ts';

/** Shows messages; mount it once. */
export function Toaster() {
  const [theme] = useTheme();
  return (
    <Sonner
      theme={theme}
      position="bottom-right"
      duration={6000}
      mobileOffset={{ bottom: 72 }}
      toastOptions={{
        style: {
          // An open dialog takes all presses beside it; what can be undone must be in reach anyway.
          pointerEvents: 'auto',
          background: 'var(--color-raised)',
          color: 'var(--color-text)',
          borderColor: 'var(--color-line)',
          borderRadius: '6px',
          fontFamily: 'var(--font-sans)',
          boxShadow: 'var(--shadow-float)',
        },
        actionButtonStyle: { background: 'var(--color-text)', color: 'var(--color-page)', borderRadius: '6px' },
      }}
    />
  );
}
