export interface Cost {
  imageBytes?: number
  buildSeconds?: number
  startSeconds?: number
  memoryBytes?: number
}

/** What each sample was measured to cost, by name. */
export function costs(): Record<string, Cost>

export function tableOf(costs: Record<string, Cost>): string

/** The text of samples/README.md with this table. */
export function withTable(readme: string, table: string): string
