export interface Difference {
  /** Empty for flags before a command. */
  command: string
  /** Empty for a whole command. */
  flag: string
}

/** Flags of a help text by their long names. */
export function flagsIn(help: string): Map<string, { letter: string | undefined; hasValue: boolean }>
export function commandsIn(help: string): string[]
/** Rows of the table of deliberate differences. */
export function listed(markdown: string): Difference[]
/** Everything that is missing or different. Throws UserError where there is no docker compose. */
export function differences(): Promise<(Difference & { what: string })[]>
export function judged(
  found: readonly (Difference & { what: string })[],
  markdown: string,
): { unlisted: (Difference & { what: string })[]; idle: Difference[] }
