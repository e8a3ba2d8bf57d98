import { Dialog } from '#src/ui/dialogs/dialog.tsx';

const GROUPS = [
  {
    name: 'Everywhere',
    keys: [
      [['?'], 'Show shortcuts'],
      [['R'], 'Run a workflow'],
      [['Esc'], 'Close dialog or panel'],
    ],
  },
  {
    name: 'Results',
    keys: [
      [['←', '→', '↑', '↓'], 'Move between results'],
      [['Enter'], 'Open'],
      [['Space'], 'Select; with Shift: select range'],
      [['F'], 'Favourite'],
      [['1', '–', '5'], 'Rate; 0 to clear'],
      [['X'], 'Reject'],
      [['Delete'], 'Move to trash'],
      [['T'], 'Expand or collapse a stack'],
      [['E'], 'Edit and run'],
      [['N'], 'Run with a new seed'],
      [['V'], 'Four variations'],
      [['Shift', 'R'], 'Run again'],
      [['C'], 'Compare selected'],
      [['D'], 'Download'],
      [['U'], 'Use as input'],
      [['W'], 'Show on or remove from the wall'],
      [['Ctrl', 'Z'], 'Undo'],
    ],
  },
  {
    name: 'Viewer',
    keys: [
      [['←', '→'], 'Newer, older'],
      [['I'], 'Parameters'],
      [['Z'], '100% or fit'],
      [['+', '−'], 'Zoom in, zoom out'],
      [['Shift', 'arrows'], 'Pan while zoomed in'],
      [['B'], 'Background: black, grey or white'],
      [['Shift', 'F'], 'Full screen'],
      [['C'], 'Compare with other takes'],
      [['F', '1–5', 'X', 'Delete', 'W', 'D', 'E', 'N', 'V', 'U'], 'Same as in the results'],
    ],
  },
  {
    name: 'Compare',
    keys: [
      [['S'], 'Side by side or slider'],
      [['←', '→'], 'Move the slider'],
      [['I'], 'Differences'],
    ],
  },
  {
    name: 'Films and sounds',
    keys: [
      [['Space'], 'Play or pause'],
      [[',', '.'], 'Previous or next frame'],
      [['<', '>'], 'Ten frames back or forward'],
      [['[', ']'], 'Slower, faster'],
      [['L'], 'Loop'],
      [['M'], 'Mute'],
      [['G'], 'Grab frame'],
      [['Home', 'End'], 'Start or end'],
    ],
  },
] as const;

export function ShortcutsDialog({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title="Shortcuts" onClose={onClose}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: nothing else in it takes the focus, without which keys cannot scroll it */}
      <section aria-label="All shortcuts" tabIndex={0} className="flex flex-col gap-6 rounded">
        {GROUPS.map((group) => (
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
