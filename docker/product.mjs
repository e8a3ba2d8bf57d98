/** One call of the product's API, as an operator: COMFYUME_URL is its address, COMFYUME_TOKEN an operator's personal token. */
export async function ask(procedure, input) {
  const { COMFYUME_URL: address, COMFYUME_TOKEN: token } = process.env;
  if (!address || !token)
    throw new Error(
      'Set COMFYUME_URL to the address of comfyume, and COMFYUME_TOKEN to an operator’s personal token (made under Account).',
    );
  const response = await fetch(`${address.replace(/\/+$/, '')}/api/trpc/${procedure}`, {
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(input !== undefined && { method: 'POST', body: JSON.stringify(input) }),
  }).catch((error) => {
    throw new Error(`${address} gives no answer: ${error.cause?.message ?? error.message}`);
  });
  const said = await response.text();
  let answer;
  try {
    answer = JSON.parse(said);
  } catch {
    throw new Error(`${address} answered ${response.status} with something that is not comfyume’s.`);
  }
  if (!response.ok) throw new Error(`${procedure}: ${answer.error?.message ?? `answered ${response.status}`}`);
  return answer.result.data;
}
