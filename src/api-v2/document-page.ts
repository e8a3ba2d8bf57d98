import { API_STATUS } from './errors.ts';
import type { ApiOperation, ApiOperations } from './operations.ts';

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string): string => text.replace(/[&<>"]/g, (found) => ESCAPES[found] ?? found);
/** With `code` in backticks. */
const prose = (text: string): string => escaped(text).replace(/`([^`]+)`/g, '<code>$1</code>');

const STYLE =
  'body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color-scheme:light dark}code,pre{font-family:ui-monospace,monospace}pre{overflow:auto;padding:1rem;border:1px solid #8886;border-radius:6px}h2{margin-top:2rem;font-size:1.1rem}';

function section(route: string, { summary, answers, errors = [] }: ApiOperation): string {
  const said = Object.entries(answers).map(([status, { description }]) => `<li>${status}: ${prose(description)}</li>`);
  const refused = errors.map((code) => `<li>${API_STATUS[code]}: <code>${code}</code></li>`);
  return `<h2><code>${escaped(route.replace(/:(\w+)/g, '{$1}'))}</code></h2><p>${prose(summary)}</p><ul>${[...said, ...refused].join('')}</ul>`;
}

/** The document for people. Needs nothing from elsewhere. */
export function documentPage(operations: ApiOperations, origin: string, document: object): string {
  const example = `curl -H "Authorization: Bearer TOKEN" -H "Content-Type: application/json" \\
  -d '{"workflow": …}' ${origin}/api/v2/jobs`;
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Comfy API v2</title><style>${STYLE}</style></head><body>
<h1>Comfy API v2</h1>
<p>For programs. Create a personal token under Account. With <code>@comfyorg/sdk</code>, set <code>COMFY_BASE_URL=${escaped(origin)}</code> and use the token as <code>apiKey</code>. For tools: <a href="/api/v2/openapi.json">openapi.json</a>.</p>
<pre>${escaped(example)}</pre>
<p>Every refusal is <code>{"error": {"code", "message", "details"}}</code>. Headers <code>RateLimit-*</code> say how many requests are left.</p>
${Object.entries(operations)
  .map(([route, operation]) => section(route, operation))
  .join('\n')}
<h2>Schemas</h2>
<pre>${escaped(JSON.stringify(document, null, 2))}</pre>
</body></html>
`;
}
