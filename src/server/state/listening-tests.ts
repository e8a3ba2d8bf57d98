import { listeningVerdict } from '#src/domain/endpoints/listening-test.ts';
import { appErrorIn } from '#src/domain/errors.ts';
import type { AuditLog } from '#src/ports/audit-log.ts';
import type { Endpoint } from '#src/ports/endpoints.ts';
import type { ListeningTest, ListeningTests } from '#src/ports/listening.ts';
import type { Log } from '#src/ports/log.ts';
import { testListening } from '#src/services/endpoints/test-listening.ts';
import { sleep } from '../sleep.ts';

type Deps = Omit<Parameters<typeof testListening>[0], 'wait'> & { auditLog: Pick<AuditLog, 'write'>; log: Log };

export function createListeningTests(deps: Deps): ListeningTests & { close(): Promise<void> } {
  const tests = new Map<string, ListeningTest>();
  const running = new Set<Promise<void>>();
  const abort = new AbortController();

  async function run(endpoint: Endpoint): Promise<void> {
    const show = (isListening: boolean): void =>
      void tests.set(endpoint.id, { type: 'running', isListening, since: deps.clock.now() });
    show(false);
    try {
      const report = await testListening({ ...deps, wait: sleep }, endpoint, () => show(true), abort.signal);
      const verdict = listeningVerdict(report);
      const at = deps.clock.now();
      tests.set(endpoint.id, { type: 'done', at, verdict });
      const { off, on, advice } = verdict;
      const sentence = [off, on, advice].filter((words) => words !== null).join(' ');
      const detail = { endpoint: endpoint.name, sentence };
      await deps.auditLog.write({ at, actor: null, type: 'endpoint.listeningTested', subjectId: endpoint.id, detail });
    } catch (error) {
      if (abort.signal.aborted) return;
      deps.log.warn({ err: error, endpoint: endpoint.name }, 'the test of live progress could not be finished');
      const message = appErrorIn(error)?.message ?? 'Something went wrong here; the log has the details.';
      tests.set(endpoint.id, { type: 'failed', at: deps.clock.now(), message });
    }
  }

  return {
    begin(endpoint) {
      if (tests.get(endpoint.id)?.type === 'running') return false;
      const task = run(endpoint).finally(() => running.delete(task));
      running.add(task);
      return true;
    },
    of: (endpointId) => tests.get(endpointId) ?? null,
    async close() {
      abort.abort();
      await Promise.all(running);
    },
  };
}
