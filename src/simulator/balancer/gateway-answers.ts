import type { GatewayStatus } from '../faults.ts';

export type Answer = { status: number; type: string; body: string; headers?: { [name: string]: string } };

const page = (status: number, title: string): string =>
  `<html>\r\n<head><title>${status} ${title}</title></head>\r\n<body>\r\n<center><h1>${status} ${title}</h1></center>\r\n</body>\r\n</html>\r\n`;
const titles: { [status in GatewayStatus]: string } = {
  403: 'Forbidden',
  404: 'Not Found',
  429: 'Too Many Requests',
  502: 'Bad Gateway',
  503: 'Service Temporarily Unavailable',
  504: 'Gateway Time-out',
};

export const gatewayAnswer = (status: GatewayStatus, headers: { [name: string]: string } = {}): Answer => ({
  status,
  type: 'text/html',
  body: page(status, titles[status]),
  headers,
});
export const redirect = (status: number, to: string): Answer => ({
  status,
  type: 'text/html',
  body: page(status, 'Found'),
  headers: { Location: to },
});
export const welcome: Answer = {
  status: 200,
  type: 'text/html',
  body: '<!doctype html><title>Welcome</title><p>It works.</p>',
};
export const unknownKey: Answer = { status: 404, type: 'text/plain', body: 'Not Found' };
/** No replica came up in time. */
export const canceled: Answer = {
  status: 504,
  type: 'application/json',
  body: JSON.stringify({ error: 'inference request was canceled' }),
};
