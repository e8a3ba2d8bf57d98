import { Dialog } from '#src/ui/dialog.tsx';

const GROUPS = [
  {
    name: 'Everywhere',
    keys: [
      [['?'], 'Show these keys'],
      [['R'], 'Run a workflow'],
      [['Esc'], 'Close what is open'],
    ],
  },
  {
    name: 'Results',
    keys: [
      [['←', '→', '↑', '↓'], 'Go from picture to picture'],
      [['Enter'], 'Open large'],
      [['Space'], 'Select; with Shift up to here'],
      [['F'], 'Favourite'],
      [['1', '–', '5'], 'Stars; 0 for none'],
      [['X'], 'Reject'],
      [['Delete'], 'Put away'],
      [['T'], 'Show the takes of a stack, or close it'],
      [['C'], 'Compare what is selected'],
      [['D'], 'Download'],
      [['W'], 'Show on the class wall, or take off'],
      [['Ctrl', 'Z'], 'Undo'],
    ],
  },
  {
    name: 'One result, large',
    keys: [
      [['←', '→'], 'Newer, older'],
      [['I'], 'What it was made with'],
      [['Z'], 'Real pixels, and back to fit'],
      [['+', '−'], 'Zoom in, zoom out'],
      [['Shift', 'arrows'], 'Move about while zoomed in'],
      [['B'], 'Surround black, grey or white'],
      [['Shift', 'F'], 'Full screen'],
      [['C'], 'Compare with other takes'],
      [['F', '1–5', 'X', 'Delete', 'W', 'D'], 'As in the results'],
    ],
  },
  {
    name: 'Compare',
    keys: [
      [['S'], 'Side by side or slider'],
      [['←', '→'], 'Move the slider'],
      [['I'], 'What differs'],
    ],
  },
  {
    name: 'Films and sounds',
    keys: [
      [['Space'], 'Play or pause'],
      [[',', '.'], 'One frame back, one frame on'],
      [['<', '>'], 'Ten frames back, ten frames on'],
      [['[', ']'], 'Slower, faster'],
      [['L'], 'Loop'],
      [['M'], 'Mute'],
      [['Home', 'End'], 'To the beginning, to the end'],
    ],
  },
] as const;

export function KeysDialog({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title="Keys" onClose={onClose}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: nothing else in it takes the focus, without which keys cannot scroll it */}
      <section aria-label="All keys" tabIndex={0} className="flex flex-col gap-6 rounded">
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
