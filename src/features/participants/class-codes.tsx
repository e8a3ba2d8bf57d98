import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { CircleDot, CircleSlash, Clock, Ticket } from 'lucide-react';
import dynamic from 'next/dynamic';
import { useState } from 'react';
import { inHalves } from '#src/domain/users/join-code.ts';
import { Button } from '#src/ui/buttons/button.tsx';
import { loadPart } from '#src/ui/loading/load-part.ts';
import { StatusLabel } from '#src/ui/tables/status-label.tsx';
import { Cell, Table } from '#src/ui/tables/table.tsx';
import { useNow } from '#src/ui/time/use-now.ts';
import { notifyFailure } from '#src/ui/toasts/notify.ts';
import { failureOf } from '../api-client/failure.ts';
import { onServerClock } from '../api-client/server-clock.ts';
import { useTRPC } from '../api-client/trpc.ts';

const OpenClass = dynamic(() => loadPart(() => import('./open-class.tsx')).then((file) => file.OpenClass), {
  ssr: false,
});
const ShowCode = dynamic(() => loadPart(() => import('./show-code.tsx')).then((file) => file.ShowCode), { ssr: false });
const RemoveJoined = dynamic(() => loadPart(() => import('./remove-joined.tsx')).then((file) => file.RemoveJoined), {
  ssr: false,
});

const COLUMNS = [
  { name: 'Code' },
  { name: 'Seats taken', figures: true },
  { name: 'State' },
  { name: 'Actions', hidden: true },
];

type Code = {
  readonly taken: number;
  readonly seats: number;
  readonly expiresAt: string;
  readonly closedAt: string | null;
};

/** Class codes, with which people create their own accounts. */
export function ClassCodes() {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const codes = useQuery(trpc.admin.joinCodes.list.queryOptions(undefined, { staleTime: 0 }));
  const [opens, setOpens] = useState(false);
  const [shownId, setShownId] = useState<string | null>(null);
  const [removing, setRemoving] = useState<{ id: string; code: string } | null>(null);
  const now = onServerClock(useNow());
  const close = useMutation(
    trpc.admin.joinCodes.close.mutationOptions({
      onSettled: () => queryClient.invalidateQueries(trpc.admin.joinCodes.pathFilter()),
      onError: (error) => notifyFailure(failureOf(error).sentence),
    }),
  );
  const shown = codes.data?.find(({ id }) => id === shownId);

  return (
    <section aria-labelledby="codes" className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <h2 id="codes" className="text-15 font-semibold">
          Class codes
        </h2>
        <Button icon={Ticket} onClick={() => setOpens(true)}>
          Open a class code
        </Button>
      </div>
      {codes.isError && <p role="alert">{failureOf(codes.error).sentence}</p>}
      {codes.data?.length === 0 && (
        <p className="max-w-[70ch] text-quiet">
          Project a class code and people create their own accounts: they open the address and enter the code and their
          name.
        </p>
      )}
      {codes.data && codes.data.length > 0 && (
        <Table label="Class codes" columns={COLUMNS}>
          {codes.data.map((code) => (
            <tr key={code.id}>
              <Cell>
                <span className="tabular-nums">{inHalves(code.code)}</span>
              </Cell>
              <Cell figures>{`${code.taken} of ${code.seats}`}</Cell>
              <Cell>
                <CodeState code={code} now={now} />
              </Cell>
              <Cell figures>
                {code.taken > 0 && (
                  <Button
                    tone="quiet"
                    aria-label={`Remove unused accounts of ${inHalves(code.code)}`}
                    onClick={() => setRemoving(code)}
                  >
                    Remove unused
                  </Button>
                )}
                {isOpen(code, now) && (
                  <>
                    <Button tone="quiet" aria-label={`Show ${inHalves(code.code)}`} onClick={() => setShownId(code.id)}>
                      Show
                    </Button>
                    <Button
                      tone="quiet"
                      aria-label={`Close ${inHalves(code.code)}`}
                      disabled={close.isPending}
                      onClick={() => close.mutate({ id: code.id })}
                    >
                      Close
                    </Button>
                  </>
                )}
              </Cell>
            </tr>
          ))}
        </Table>
      )}
      {opens && (
        <OpenClass
          onClose={() => setOpens(false)}
          onOpened={async ({ id }) => {
            setOpens(false);
            await queryClient.invalidateQueries(trpc.admin.joinCodes.pathFilter());
            setShownId(id);
          }}
        />
      )}
      {removing && <RemoveJoined {...removing} onClose={() => setRemoving(null)} />}
      {shown && <ShowCode code={shown} onClose={() => setShownId(null)} />}
    </section>
  );
}

const isOpen = ({ closedAt, expiresAt }: Code, now: number): boolean =>
  closedAt === null && Date.parse(expiresAt) > now;

function CodeState({ code, now }: { code: Code; now: number }) {
  if (!isOpen(code, now))
    return (
      <StatusLabel icon={CircleSlash} iconClass="text-quiet">
        {code.closedAt === null ? 'Expired' : 'Closed'}
      </StatusLabel>
    );
  if (code.taken >= code.seats)
    return (
      <StatusLabel icon={Clock} iconClass="text-quiet">
        Full
      </StatusLabel>
    );
  const until = new Date(code.expiresAt).toLocaleString('en-GB', {
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
  });
  return (
    <StatusLabel icon={CircleDot} iconClass="text-done">
      {`Open until ${until}`}
    </StatusLabel>
  );
}
