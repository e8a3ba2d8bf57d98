import { Dialog } from '#src/ui/dialogs/dialog.tsx';
import { SHORTCUTS } from './shortcuts.ts';

export function ShortcutsDialog({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title="Shortcuts" onClose={onClose}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: nothing else in it takes the focus, without which keys cannot scroll it */}
      <section aria-label="All shortcuts" tabIndex={0} className="flex flex-col gap-6 rounded">
        {SHORTCUTS.map((group) => (
          <section key={group.name}>
            <h3 className="mb-1 text-quiet">{group.name}</h3>
            <dl>
              {group.keys.map(([keys, does]) => (
                <div key={does} className="flex items-center justify-between gap-4 border-t border-line py-1.5">
                  <dd>{does}</dd>
                  <dt className="order-last flex gap-1">
                    {keys.map((key) => (
                      <kbd
                        key={key}
                        className="min-w-6 rounded border border-edge/60 bg-raised px-1.5 text-center font-sans text-12 leading-5"
                      >
                        {key}
                      </kbd>
                    ))}
                  </dt>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </section>
    </Dialog>
  );
}
