/** What a name looks like: names with the same looks cannot be told apart on a screen. */
export type AppearanceOf = (name: string) => string;
