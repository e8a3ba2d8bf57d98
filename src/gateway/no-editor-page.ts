const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

/** What stands in the place of ComfyUI's page while none is known; it looks like signing in, and needs no script. */
export const noEditorPage = (gallery: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>ComfyUI: not loaded yet</title>
<style>
:root { color-scheme: light dark; --page: light-dark(#f6f6f6, #0f0f0f); --text: light-dark(#141414, #ededed); --quiet: light-dark(#5c5c5c, #8f8f8f); --accent: light-dark(#a85f00, #f2a33a); --on-accent: light-dark(#ffffff, #141414); }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100dvh; display: flex; align-items: center; justify-content: center; padding: 16px 16px 16dvh; background: var(--page); color: var(--text); font: 15px/24px system-ui, sans-serif; }
main { max-width: 440px; text-wrap: pretty; }
p { margin: 0 0 16px; }
.name { display: flex; align-items: center; gap: 8px; margin-bottom: 24px; font-size: 28px; line-height: 36px; font-weight: 600; }
h1 { margin: 0 0 16px; font-size: 20px; line-height: 28px; font-weight: 600; }
.quiet { color: var(--quiet); font-size: 13px; line-height: 20px; }
a { display: inline-flex; align-items: center; min-height: 40px; border-radius: 6px; padding: 0 16px; background: var(--accent); color: var(--on-accent); font-weight: 600; text-decoration: none; }
a:focus-visible { outline: 2px solid var(--text); outline-offset: 2px; }
</style>
</head>
<body>
<main>
<p class="name"><svg width="32" height="32" viewBox="0 0 24 24" fill="none" aria-hidden="true"><path d="M20 10V6a2 2 0 0 0-2-2H6a2 2 0 0 0-2 2v12a2 2 0 0 0 2 2h5" stroke="currentColor" stroke-width="2" stroke-linecap="round"/><circle cx="17.5" cy="17.5" r="3.5" fill="var(--accent)"/></svg>comfyume</p>
<h1>The ComfyUI editor is not loaded yet</h1>
<p>It is loaded from a GPU while the first job runs, together with the nodes that the GPUs have. Run a workflow in the gallery, then reload this page.</p>
<p><a href="${escaped(gallery)}">Open the gallery</a></p>
<p class="quiet">For teachers: press <em>Refresh from workers</em> under Admin, Endpoints. Jobs are accepted in the meantime, from the gallery and from programs.</p>
</main>
</body>
</html>
`;
