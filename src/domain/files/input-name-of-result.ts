/** What a result is called among its owner's uploads: `shots/boat_00012_.png` is `boat 00012.png`. */
export const inputNameOfResult = (filename: string): string =>
  filename.slice(filename.lastIndexOf('/') + 1).replace(/_+(\d+)_*(?=\.[^.]*$|$)/, ' $1');
