import { describe, expect, test } from 'vitest';
import { createRouter } from './routing.ts';

const none = () => undefined;
const find = createRouter({
  'GET /history/:id': none,
  'GET /userdata/:file': none,
  'GET /api/assets/*path': none,
  'GET /assets/*path': none,
  'POST /prompt': none,
  'GET /*path': none,
});
const found = (method: string, path: string) => {
  const answer = find(method, path);
  return answer.type === 'route' ? [answer.route, answer.params] : answer.type;
};

describe('what answers a path', () => {
  test.each([
    ['GET', '/history/1', ['/history/:id', { id: '1' }]],
    ['HEAD', '/api/history/1', ['/history/:id', { id: '1' }]],
    ['GET', '/api/userdata/a%2Fb%20c.json', ['/userdata/:file', { file: 'a/b c.json' }]],
    ['GET', '/api/assets', ['/api/assets/*path', { path: '' }]],
    ['GET', '/api/assets/1/content', ['/api/assets/*path', { path: '1/content' }]],
    ['GET', '/assets/index.js', ['/assets/*path', { path: 'index.js' }]],
    ['GET', '/scripts/app.js', ['/*path', { path: 'scripts/app.js' }]],
    ['POST', '/api/prompt', ['/prompt', {}]],
    ['DELETE', '/prompt', 'other-method'],
    ['POST', '/nothing', 'none'],
  ])('%s %s', (method, path, expected) => expect(found(method, path)).toEqual(expected));
});
