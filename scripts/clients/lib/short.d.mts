interface Options {
  image: string
  log: (line: string) => void
}

interface Row {
  name: string
  theirs: { passed: boolean; message?: string }
  /** What is wrong with flotilla. */
  fault?: string
}

/** The checks of `npm test` of one client, or why there are none. */
export function shortComparison(client: string, options: Options): Promise<{ skip: string } | { run(): Promise<Row[]> }>
