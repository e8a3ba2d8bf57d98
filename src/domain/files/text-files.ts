/** Whether a file of this type can be shown as the text that it is. */
export const isText = (mime: string): boolean => /^(?:text\/|application\/(?:json|x-subrip)$)/.test(mime);
