/** The type under which a dragged result carries its ID, to be told from a file of this computer. */
export const DRAGGED_RESULT = 'application/x-comfyume-result';
