/** Null for what is no JSON, as what was cut off in the middle is. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
