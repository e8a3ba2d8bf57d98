import { expect, test } from 'vitest';
import { type EndpointFacts, endpointReport } from './endpoint-report.ts';

const FACTS: EndpointFacts = {
  name: 'H200',
  address: 'gpu.test:443',
  reached: { type: 'got', value: undefined },
  waitedMs: 5000,
  key: null,
};
const failed = (code: string) => ({ reached: { type: 'failed', code } }) as const;

test.each<[string, Partial<EndpointFacts>, [string, RegExp, RegExp | null][]]>([
  ['reached', {}, [['ok', /gpu\.test:443 accepts connections\. No request was sent/, null]]],
  [
    'with its key',
    { key: { variable: 'GPU_KEY', isSet: true, refused: null } },
    [
      ['ok', /accepts/, null],
      ['ok', /key is set \(GPU_KEY\)/, null],
    ],
  ],
  [
    'without its key',
    { key: { variable: 'GPU_KEY', isSet: false, refused: null } },
    [
      ['ok', /accepts/, null],
      ['fault', /GPU_KEY is not set/, /Set GPU_KEY/],
    ],
  ],
  [
    'a variable that holds another secret',
    { key: { variable: 'VERDA_CLIENT_SECRET', isSet: false, refused: 'It is never sent.' } },
    [
      ['ok', /accepts connections/, null],
      ['fault', /never sent/, /no jobs are sent/],
    ],
  ],
  ['a metadata address', failed('forbidden'), [['fault', /forbidden/, /metadata address/]]],
  ['unknown name', failed('ENOTFOUND'), [['fault', /No connection to gpu\.test:443 \(ENOTFOUND\)/, /address/]]],
  ['nobody listens', failed('ECONNREFUSED'), [['fault', /ECONNREFUSED/, /nothing listens/]]],
  ['a bad certificate', failed('CERT_HAS_EXPIRED'), [['fault', /CERT_HAS_EXPIRED/, /certificate/]]],
  ['a certificate of its own', failed('DEPTH_ZERO_SELF_SIGNED_CERT'), [['fault', /SELF_SIGNED/, /certificate/]]],
  ['no TLS there', failed('ERR_SSL_WRONG_VERSION_NUMBER'), [['fault', /WRONG_VERSION/, /start with http/]]],
  ['no way', failed('EHOSTUNREACH'), [['fault', /EHOSTUNREACH/, /network/]]],
  ['silence', { reached: { type: 'silent' } }, [['fault', /within 5 s/, /firewall/]]],
  [
    'silence and no key',
    { reached: { type: 'silent' }, key: { variable: 'K', isSet: false, refused: null } },
    [
      ['fault', /within/, /firewall/],
      ['fault', /K is not set/, /Set K/],
    ],
  ],
])('%s', (_, facts, expected) => {
  const found = endpointReport({ ...FACTS, ...facts });
  expect(found).toHaveLength(expected.length);
  for (const [index, [level, sentence, doThis]] of expected.entries())
    expect(found[index]).toMatchObject({
      what: 'Endpoint H200',
      level,
      sentence: expect.stringMatching(sentence),
      doThis: doThis === null ? null : expect.stringMatching(doThis),
    });
});
