import { z } from 'zod';
import { isObject, type Json, type JsonObject } from '../python.ts';
import { empty, json } from './http.ts';
import { type Route, route } from './routes.ts';

const parse = (body: Buffer): Json => z.json().parse(JSON.parse(body.toString('utf8')));

/** Settings of the only user; they are lost with the process. */
export function userRoutes(): Route[] {
  let settings: JsonObject = {};
  return [
    route('GET', '/settings', () => json(settings)),
    route('GET', '/settings/{}', ({ params }) => json(settings[params[0] ?? ''] ?? null)),
    route('POST', '/settings', async (_request, body) => {
      const data = parse(await body());
      if (isObject(data)) settings = { ...settings, ...data };
      return empty();
    }),
    route('POST', '/settings/{}', async ({ params }, body) => {
      settings[params[0] ?? ''] = parse(await body());
      return empty();
    }),
  ];
}
