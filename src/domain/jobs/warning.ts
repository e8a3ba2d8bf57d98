/** What its owner should know of a job that goes on, or has gone, all the same. */
export type Warning = { readonly nodeId: string; readonly classType: string; readonly message: string };
