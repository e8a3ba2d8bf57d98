/** Small enough to survive every JSON reader, large enough never to come twice in a class. */
export const randomSeed = (): number => Math.floor(Math.random() * 2 ** 48);
