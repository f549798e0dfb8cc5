/** One run of `config`: arguments before it, flags behind it, its folder, all its variables and its standard input. */
export interface Case {
  /** Unique in its corpus: the path of its folder, and its own name. */
  name: string
  theme: string
  cwd: string
  args: string[]
  flags: string[]
  env: Record<string, string>
  stdin: string
}

export type Result = { refused: true } | { refused?: never; model: Record<string, unknown> }

export const ENVIRONMENT: Readonly<Record<string, string>>
export function casesIn(root: string): Case[]
export function recordsIn(root: string): Map<string, Result & { case: string }>
export function writeRecords(root: string, theme: string, records: readonly object[]): void
