import { useQuery } from '@tanstack/react-query';
import { useTRPC } from '../api-client/trpc.ts';
import { useMe } from './use-me.ts';

/** `{user}` stands for the name. */
export const comfyuiOf = (pattern: string, user: string): string =>
  pattern.replaceAll('{user}', encodeURIComponent(user));

/** Where this person's ComfyUI is; null = they have none. */
export function useComfyui(): string | null {
  const trpc = useTRPC();
  const pattern = useQuery(trpc.session.info.queryOptions()).data?.comfyuiUrl ?? null;
  const me = useMe();
  return pattern === null || !me ? null : comfyuiOf(pattern, me.name);
}
