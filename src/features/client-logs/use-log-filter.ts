import { useDeferredValue, useState } from 'react';
import { LOG_LEVELS, LOG_SOURCES, type LogLevel } from '#src/domain/client-logs/browser-log.ts';

/** Which of the logs are shown; null = all. */
export function useLogFilter() {
  const [userId, setUserId] = useState<string | null>(null);
  const [source, setSource] = useState<(typeof LOG_SOURCES)[number] | null>(null);
  const [level, setLevel] = useState<LogLevel | null>(null);
  const [typed, setTyped] = useState('');
  const words = useDeferredValue(typed.trim());
  return {
    filter: { userId, source, level, words: words === '' ? null : words },
    typed,
    setTyped,
    setUserId,
    setSource: (value: string | null) => setSource(LOG_SOURCES.find((each) => each === value) ?? null),
    setLevel: (value: string | null) => setLevel(LOG_LEVELS.find((each) => each === value) ?? null),
    isOff: userId === null && source === null && level === null && words === '',
  };
}
export type LogFilter = ReturnType<typeof useLogFilter>;
