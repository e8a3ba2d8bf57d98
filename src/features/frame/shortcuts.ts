/** All single keys, as people are told of them. */
export const SHORTCUTS = [
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
      [['F2'], 'Rename'],
      [['W'], 'Show on or remove from the wall'],
      [['Ctrl', 'Z'], 'Undo'],
    ],
  },
  {
    name: 'Viewer',
    keys: [
      [['←', '→'], 'Newer, older'],
      [['I'], 'Parameters'],
      [['T'], 'Filmstrip'],
      [['Z'], '100% or fit'],
      [['+', '−'], 'Zoom in, zoom out'],
      [['Shift', 'arrows'], 'Pan while zoomed in'],
      [['B'], 'Background: black, grey or white'],
      [['Shift', 'F'], 'Full screen'],
      [['C'], 'Compare with other takes'],
      [['F', '1–5', 'X', 'Delete', 'W', 'D', 'F2', 'E', 'N', 'V'], 'Same as in the results'],
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
      [['J', 'K', 'L'], 'Play backwards, stop, play; press again for faster'],
      [[',', '.'], 'Previous or next frame'],
      [['<', '>'], 'Ten frames back or forward'],
      // As in editing software, but I alone is taken.
      [['Shift', 'I'], 'Set in (I alone shows the parameters)'],
      [['Shift', 'O'], 'Set out'],
      [['Shift', 'X'], 'Clear in and out'],
      [['Shift', 'L'], 'Loop all, or from in to out'],
      [['[', ']'], 'Slower, faster'],
      [['M'], 'Mute'],
      [['Home', 'End'], 'Start or end'],
    ],
  },
] as const;
