export interface Migration {
  /** `PRAGMA user_version` after this step. */
  readonly version: number;
  readonly name: string;
  readonly sql: string;
}
