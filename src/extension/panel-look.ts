/**
 * Neutral greys and one accent, as on our own pages in the dark. ComfyUI is dark unless told otherwise, and its palette is not ours to read. The panel lies
 * above the canvas and what is on it, below ComfyUI's menus (z-index 1000), dialogs (1100 and more) and its bar with Run (1300).
 */
export const LOOK = `
:host { all: initial; --page: #171717; --line: #2e2e2e; --text: #ededed; --accent: #f2a33a;
  color-scheme: dark; font: 13px/1.4 Inter, system-ui, sans-serif; color: var(--text); }
:host(#comfyume-panel) { position: fixed; z-index: 999; }
:host([hidden]) { display: none; }
* { box-sizing: border-box; }
section { width: 320px; max-width: calc(100vw - 16px); background: var(--page); border: 1px solid var(--line); border-radius: 6px; overflow: hidden; font-variant-numeric: tabular-nums; }
header { display: flex; align-items: center; gap: 4px; padding: 0 4px 0 12px; min-height: 32px; background: #212121; border-bottom: 1px solid var(--line); }
h2 { margin: 0; font: inherit; font-weight: 600; flex: 1; }
.move { cursor: grab; touch-action: none; }
ul { list-style: none; margin: 0; padding: 0; max-height: 50vh; overflow: auto; }
li, .note { padding: 8px 12px; border-top: 1px solid var(--line); }
li:first-child { border-top: 0; }
.note + ul > li:first-child { border-top: 1px solid var(--line); }
.row { display: flex; align-items: flex-start; gap: 8px; }
.title { flex: 1; font-weight: 600; overflow: hidden; overflow-wrap: anywhere; display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2; }
p { margin: 2px 0 0; }
.note button { margin-top: 8px; }
.quiet { color: #a3a3a3; font-size: 12px; overflow-wrap: anywhere; }
.failed { color: #ff7b72; }
.done { color: #6fcf7f; }
.look-up { all: unset; position: fixed; inset: 0; display: none; flex-direction: column; align-items: center; justify-content: center; gap: 24px; padding: 24px; overflow-y: auto; text-align: center; background: var(--page); }
.look-up[open] { display: flex; }
.look-up h2 { flex: none; font-size: 28px; }
.look-up .large { max-width: 36ch; font-size: 28px; overflow-wrap: anywhere; }
.loud { border-left: 4px solid var(--accent); font-size: 15px; font-weight: 600; }
button { font: inherit; color: var(--text); background: transparent; border: 1px solid var(--line); border-radius: 6px; min-height: 24px; padding: 0 8px; cursor: pointer; display: inline-flex; align-items: center; }
header button { border-color: transparent; min-width: 24px; justify-content: center; }
button:hover { background: var(--line); }
button.accent { background: var(--accent); color: #141414; border-color: transparent; font-weight: 600; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 1px; }
.said { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
@media (pointer: coarse) { button, header button { min-height: 40px; min-width: 40px; justify-content: center; } }
`;
