import { CircleDot, CircleSlash, CircleUserRound, Hourglass } from 'lucide-react';
import { useState } from 'react';
import { ago, counted, fileSize } from '#src/domain/measures.ts';
import { Button } from '#src/ui/buttons/button.tsx';
import { RowCheckbox } from '#src/ui/tables/row-checkbox.tsx';
import { StatusLabel } from '#src/ui/tables/status-label.tsx';
import { Cell, Table } from '#src/ui/tables/table.tsx';
import { useRowChoice } from '#src/ui/tables/use-row-choice.ts';
import type { Person } from './people.ts';
import { pressed, type Sorting, type SortKey, sorted } from './sorting.ts';

type PeopleTableProps = {
  people: readonly Person[];
  isLoading: boolean;
  words: string;
  meId: string;
  chosen: ReadonlySet<string>;
  onChoose: (ids: ReadonlySet<string>) => void;
  busy: boolean;
  onOpen: (id: string) => void;
  onSetEnabled: (person: Person, enabled: boolean) => void;
};

const MINUTE = 60_000;

export function PeopleTable(props: PeopleTableProps) {
  const { people, meId, chosen, onChoose } = props;
  const [order, setOrder] = useState<Sorting>({ by: 'Name', turned: false });
  const rows = sorted(people, order);
  const others = rows.filter(({ id }) => id !== meId);
  const rowChoice = useRowChoice(
    others.map(({ id }) => id),
    chosen,
    onChoose,
  );
  const now = new Date();

  const head = (name: SortKey, figures = false) => ({
    name,
    figures,
    onSort: () => setOrder(pressed(order, name)),
    sorted: order.by === name ? (order.turned ? ('descending' as const) : ('ascending' as const)) : undefined,
  });

  return (
    <Table
      label="Participants"
      columns={[
        {
          name: 'Selected',
          hidden: true,
          control: others.length > 1 && (
            <RowCheckbox label="Select all" checked={rowChoice.all} onChange={rowChoice.chooseAll} />
          ),
        },
        head('Name'),
        head('Role'),
        head('State'),
        head('Jobs', true),
        head('GPU min', true),
        head('Results', true),
        { name: 'Limits', figures: true },
        { name: 'Joined by' },
        head('Last seen', true),
        { name: 'Actions', hidden: true },
      ]}
    >
      {rows.map((person) => (
        <tr key={person.id} className="hover:bg-raised">
          <Cell>
            {person.id !== meId && (
              <RowCheckbox
                label={`Select ${person.name}`}
                checked={chosen.has(person.id)}
                onChange={() => undefined}
                onClick={(event) => rowChoice.choose(person.id, event.currentTarget.checked, event.shiftKey)}
              />
            )}
          </Cell>
          <Cell>
            <span className="inline-block max-w-36 truncate align-bottom sm:max-w-48" title={person.name}>
              {person.name}
            </span>
            {person.id === meId && <span className="text-quiet"> (you)</span>}
          </Cell>
          <Cell>{person.role}</Cell>
          <Cell>
            <State person={person} />
          </Cell>
          <Cell figures>{person.jobs || ''}</Cell>
          <Cell figures>{gpuMinutes(person.gpuMs)}</Cell>
          <Cell figures>
            {person.results > 0 && <span title={counted(person.results, 'file')}>{fileSize(person.bytes)}</span>}
          </Cell>
          <Cell figures>{limitsOf(person)}</Cell>
          <Cell>{person.joinedBy}</Cell>
          <Cell figures>{person.lastSeenAt ? ago(new Date(person.lastSeenAt), now) : 'never'}</Cell>
          <Cell figures>
            {person.id !== meId && (
              <Button
                tone="quiet"
                aria-label={`${person.enabled ? 'Disable' : 'Enable'} ${person.name}`}
                disabled={props.busy}
                onClick={() => props.onSetEnabled(person, !person.enabled)}
              >
                {person.enabled ? 'Disable' : 'Enable'}
              </Button>
            )}
            <Button tone="quiet" aria-label={`Edit ${person.name}`} onClick={() => props.onOpen(person.id)}>
              Edit
            </Button>
          </Cell>
        </tr>
      ))}
      {rows.length === 0 && (
        <tr>
          <td colSpan={11} className="px-3 text-quiet">
            {props.isLoading ? 'Loading' : `No matching names: “${props.words.trim()}”.`}
          </td>
        </tr>
      )}
    </Table>
  );
}

function gpuMinutes(ms: number): string {
  if (ms === 0) return '';
  return ms < MINUTE / 10 ? '<0.1' : (ms / MINUTE).toFixed(1);
}

function limitsOf({ waitingCap, inFlightCap, comfyui }: Person): string {
  const parts = [
    waitingCap !== null && `${waitingCap} queued`,
    inFlightCap !== null && `${inFlightCap} on GPUs`,
    !comfyui && 'no ComfyUI',
  ];
  return parts.filter(Boolean).join(', ');
}

function State({ person: { enabled, tabs, lastSeenAt } }: { person: Person }) {
  if (!enabled)
    return (
      <StatusLabel icon={CircleSlash} iconClass="text-quiet">
        Disabled
      </StatusLabel>
    );
  if (tabs > 0)
    return (
      <StatusLabel icon={CircleDot} iconClass="text-done">
        Online
      </StatusLabel>
    );
  if (lastSeenAt === null)
    return (
      <StatusLabel icon={Hourglass} iconClass="text-quiet">
        Never signed in
      </StatusLabel>
    );
  return (
    <StatusLabel icon={CircleUserRound} iconClass="text-quiet">
      Offline
    </StatusLabel>
  );
}
