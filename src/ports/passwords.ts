export interface Passwords {
  /** Whether it is among those that are tried first. */
  isCommon(password: string): Promise<boolean>;
  hash(password: string): Promise<string>;
  verify(hash: string, password: string): Promise<boolean>;
}
