import { buttonClass } from '#src/ui/buttons/button.tsx';
import { PlainPage } from './plain-page.tsx';

export function NotFoundScreen() {
  return (
    <PlainPage title="Page not found">
      <p className="text-15">The link may be wrong, or the item was deleted. Your work is safe.</p>
      <a href="/" className={buttonClass('plain')}>
        Go to your work
      </a>
    </PlainPage>
  );
}
