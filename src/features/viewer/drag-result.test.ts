import { expect, test } from 'vitest';
import { DRAGGED_RESULT } from '../results/files/dragged-result.ts';
import { dragResult } from './drag-result.ts';

const result = { id: 'r1', url: '/files/r1/sea_00001_.png', filename: 'trip/sea: two_00001_.png', mime: 'image/png' };

function draggedData(workflow: string | null): Record<string, string> {
  const data: Record<string, string> = {};
  dragResult(
    { effectAllowed: '', setData: (type, text) => void Object.assign(data, { [type]: text }) },
    result,
    workflow,
    'http://class:3000/',
  );
  return data;
}

test('the file itself and its workflow go along', () => {
  expect(draggedData('{"nodes":[]}')).toEqual({
    [DRAGGED_RESULT]: 'r1',
    DownloadURL: 'image/png:sea_ two_00001_.png:http://class:3000/files/r1/sea_00001_.png?download=1',
    'text/uri-list': 'http://class:3000/files/r1/sea_00001_.png',
    'text/plain': '{"nodes":[]}',
    'application/json': '{"nodes":[]}',
  });
});

test('without a workflow the address goes instead', () => {
  const data = draggedData(null);
  expect(data['text/plain']).toBe('http://class:3000/files/r1/sea_00001_.png');
  expect(data).not.toHaveProperty('application/json');
});
