import { writeFileSync } from 'node:fs';
import { failureText } from './failure-text.mjs';

const messages = (errors) => errors.map(({ message, stack }) => stack ?? message);

/** Counts tests, and failures of whatever else a run is made of: files that cannot be loaded, hooks, errors of nobody's. */
export default class Counts {
  onTestRunEnd(modules, unhandled) {
    const counts = { passed: 0, failed: 0, skipped: 0, failures: [] };
    const fail = (file, title, errors) => {
      counts.failed += 1;
      counts.failures.push(failureText(file, title, messages(errors)));
    };
    for (const module of modules) {
      const file = module.relativeModuleId;
      if (module.errors().length > 0) fail(file, 'the file itself', module.errors());
      for (const suite of module.children.allSuites())
        if (suite.errors().length > 0) fail(file, `${suite.fullName}: before or after its tests`, suite.errors());
      for (const test of module.children.allTests()) {
        const { state, errors } = test.result();
        if (state === 'failed') fail(file, test.fullName, errors);
        else counts[state === 'passed' ? 'passed' : 'skipped'] += 1;
      }
    }
    if (unhandled.length > 0) fail('Unhandled', 'errors that no test waited for', unhandled);
    writeFileSync(process.env.VITEST_REPORT, JSON.stringify(counts));
  }
}
