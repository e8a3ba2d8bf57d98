import type { OwnSettingStore } from '#src/ports/comfyui/own-data.ts';
import { saveOwnSettings } from '#src/services/comfyui/save-own-settings.ts';
import type { Routes } from './routes.ts';

/** What the person has set in ComfyUI. An unknown setting is null, and what is sent goes beside what is there. */
export const settingRoutes = (deps: { ownSettings: OwnSettingStore }): Routes => ({
  async 'GET /settings'({ actor, sayText }) {
    const all = [...(await deps.ownSettings.all(actor.userId))];
    sayText(`{${all.map(([key, value]) => `${JSON.stringify(key)}:${value}`).join(',')}}`);
  },
  async 'GET /settings/:id'({ actor, params, sayText }) {
    sayText((await deps.ownSettings.all(actor.userId)).get(params.id ?? '') ?? 'null');
  },
  async 'POST /settings'({ actor, json, say }) {
    await saveOwnSettings(deps, actor, await json());
    say(null);
  },
  async 'POST /settings/:id'({ actor, params, json, say }) {
    await saveOwnSettings(deps, actor, { [params.id ?? '']: await json() });
    say(null);
  },
});
