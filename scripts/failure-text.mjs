const MAX_CHARACTERS = 1500;

/** One failure as the end of a run repeats it. */
export const failureText = (file, title, messages) =>
  `${file} › ${title}\n${messages.join('\n')}`.slice(0, MAX_CHARACTERS);
