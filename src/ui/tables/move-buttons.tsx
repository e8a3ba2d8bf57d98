import { ChevronDown, ChevronUp } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { IconButton } from '../buttons/button.tsx';
import { moved } from './moved.ts';

const buttonId = (id: string, by: -1 | 1): string => `${id}${by}`;

/** For rows that can be moved by one place. The button that was pressed keeps the focus, which a row that is moved in the page loses. */
export function useMoves(ids: readonly string[], onMoved: (ids: readonly string[]) => void) {
  const pressed = useRef<string | null>(null);
  const sequence = ids.join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: whenever the order has changed
  useEffect(() => {
    if (pressed.current !== null) document.getElementById(pressed.current)?.focus();
    pressed.current = null;
  }, [sequence]);

  return (id: string, by: -1 | 1): void => {
    const next = moved(ids, id, by);
    if (!next) return;
    pressed.current = buttonId(id, by);
    onMoved(next);
  };
}

type MoveButtonsProps = {
  id: string;
  name: string;
  ids: readonly string[];
  onMove: (id: string, by: -1 | 1) => void;
};

/** Up and down, of one row. */
export function MoveButtons({ id, name, ids, onMove }: MoveButtonsProps) {
  return (
    <span className="-mx-2 flex">
      {([-1, 1] as const).map((by) => (
        <IconButton
          key={by}
          id={buttonId(id, by)}
          icon={by < 0 ? ChevronUp : ChevronDown}
          label={`Move ${name} ${by < 0 ? 'up' : 'down'}`}
          aria-disabled={id === (by < 0 ? ids[0] : ids.at(-1))}
          className="aria-disabled:opacity-30"
          onClick={() => onMove(id, by)}
        />
      ))}
    </span>
  );
}
