import type { ProductUnderTest } from './product-under-test.ts';
import { type Visitor, visitor } from './visitor.ts';

/** Two names that every machine has for itself; the ports are only said. */
export const APART = {
  publicUrl: 'http://127.0.0.1',
  comfyuiOrigin: 'http://localhost',
  comfyuiUrl: '/comfy/',
} as const;

export const pathOf = (address: string | null): string => {
  const { pathname, search } = new URL(address ?? '');
  return pathname + search;
};

/** Somebody at the origin of the ComfyUI tabs. */
export const atTabs = (product: ProductUnderTest, headers: Readonly<Record<string, string>> = {}): Visitor =>
  visitor(product.url.replace('127.0.0.1', 'localhost'), headers);

/** The ComfyUI tab of somebody who is signed in to the gallery, in the same browser. */
export async function tabOf(product: ProductUnderTest, who: Visitor): Promise<Visitor> {
  const tab = atTabs(product);
  const begun = await tab.fetch('/open/comfy/');
  const known = await who.fetch(pathOf(begun.headers.get('location')));
  const entered = await tab.fetch(pathOf(known.headers.get('location')));
  if (entered.headers.get('location') !== '/comfy/') throw new Error(`no way in: ${await entered.text()}`);
  return tab;
}

/** The ComfyUI of somebody who is signed in to the gallery, in the same browser, where it has a port of its own. `before`: what the browser has from there. */
export async function comfyuiOf(
  product: ProductUnderTest,
  who: Pick<Visitor, 'fetch'>,
  comfyui = visitor(product.comfyuiUrl),
): Promise<Visitor> {
  const begun = await comfyui.fetch('/open/');
  const known = await who.fetch(pathOf(begun.headers.get('location')));
  const entered = await comfyui.fetch(pathOf(known.headers.get('location')));
  if (entered.headers.get('location') !== '/') throw new Error(`no way in: ${await entered.text()}`);
  return comfyui;
}
