import { buttonLook } from '#src/ui/button.tsx';
import { PlainPage } from './plain-page.tsx';

export function MissingScreen() {
  return (
    <PlainPage title="There is nothing here">
      <p className="text-15">The address may be mistyped, or what was here is gone. Your work is where it was.</p>
      <a href="/" className={buttonLook('plain')}>
        Go to your work
      </a>
    </PlainPage>
  );
}
