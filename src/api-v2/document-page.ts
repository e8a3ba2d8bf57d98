import { API_STATUS } from './errors.ts';
import type { ApiOperation, ApiOperations } from './operations.ts';

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string): string => text.replace(/[&<>"]/g, (found) => ESCAPES[found] ?? found);
/** With `code` in backticks. */
const prose = (text: string): string => escaped(text).replace(/`([^`]+)`/g, '<code>$1</code>');

/** It looks like the gallery, and needs no script. */
const STYLE = `
:root { color-scheme: light dark; --page: light-dark(#f6f6f6, #0f0f0f); --panel: light-dark(#ffffff, #171717); --line: light-dark(#e2e2e2, #2e2e2e); --text: light-dark(#141414, #ededed); --quiet: light-dark(#5c5c5c, #8f8f8f); --accent: light-dark(#a85f00, #f2a33a); }
* { box-sizing: border-box; }
body { max-width: 800px; margin: 0 auto; padding: 32px 16px; background: var(--page); color: var(--text); font: 15px/24px system-ui, sans-serif; text-wrap: pretty; }
h1 { margin: 0 0 16px; font-size: 28px; line-height: 36px; font-weight: 600; }
h2 { margin: 40px 0 8px; font-size: 15px; font-weight: 600; }
p { margin: 0 0 16px; }
a { color: var(--accent); }
:focus-visible { outline: 2px solid var(--text); outline-offset: 2px; }
code, pre { font: 13px/20px ui-monospace, monospace; overflow-wrap: anywhere; }
pre { margin: 0 0 16px; overflow: auto; border: 1px solid var(--line); border-radius: 6px; padding: 16px; background: var(--panel); }
h2 code { font-size: 15px; }
ul { margin: 0; padding: 0; list-style: none; color: var(--quiet); }
`;

function section(route: string, { summary, answers, errors = [] }: ApiOperation): string {
  const said = Object.entries(answers).map(([status, { description }]) => `<li>${status} · ${prose(description)}</li>`);
  const refused = errors.map((code) => `<li>${API_STATUS[code]} · <code>${code}</code></li>`);
  return `<h2><code>${escaped(route.replace(/:(\w+)/g, '{$1}'))}</code></h2><p>${prose(summary)}</p><ul>${[...said, ...refused].join('')}</ul>`;
}

/** The document for people. Needs nothing from elsewhere. */
export function documentPage(operations: ApiOperations, origin: string, document: object): string {
  const example = `curl -H "Authorization: Bearer TOKEN" -H "Content-Type: application/json" \\
  -d '{"workflow": …}' ${origin}/api/v2/jobs`;
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Comfy API v2</title><style>${STYLE}</style></head><body>
<h1>Comfy API v2</h1>
<p>For programs. Create a personal token under Account. With <code>@comfyorg/sdk</code>, set <code>COMFY_BASE_URL=${escaped(origin)}</code> and use the token as <code>apiKey</code>. For tools: <a href="/api/v2/openapi.json">openapi.json</a>.</p>
<pre tabindex="0">${escaped(example)}</pre>
<p>Every refusal is <code>{"error": {"code", "message", "details"}}</code>. Headers <code>RateLimit-*</code> say how many requests are left.</p>
${Object.entries(operations)
  .map(([route, operation]) => section(route, operation))
  .join('\n')}
<h2>Schemas</h2>
<pre tabindex="0">${escaped(JSON.stringify(document, null, 2))}</pre>
</body></html>
`;
}
