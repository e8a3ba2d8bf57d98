/** For a request that may be repeated. `crypto.randomUUID` is missing on plain http, which class rooms use. */
export const requestId = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
