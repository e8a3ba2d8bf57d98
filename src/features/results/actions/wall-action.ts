/** The names of one action wherever it is offered: the empty wall tells people to look for it. */
export const SHOW_ON_WALL = 'Show on the wall';
export const REMOVE_FROM_WALL = 'Remove from the wall';
