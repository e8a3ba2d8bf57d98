import { useQuery } from '@tanstack/react-query';
import { useTRPC } from '../../api-client/trpc.ts';
import { useMe } from '../../session/use-me.ts';
import { comfyAddress, type ToOpen } from './comfy-address.ts';

/** Null where ComfyUI's address is not configured. */
export function useComfyAddress(what: ToOpen): string | null {
  const trpc = useTRPC();
  const pattern = useQuery(trpc.session.info.queryOptions()).data?.comfyuiUrl ?? null;
  const me = useMe();
  return pattern === null || !me ? null : comfyAddress(pattern, me.name, what, window.location.href);
}
