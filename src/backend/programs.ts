/** The user's programs that act in place of containers: service providers and Docker's own plugins. */
export interface Programs {
  /**
   * Runs `docker-<name>` from Docker's plugin folders, or else `<name>` from the PATH, until it exits. An abort of the signal kills
   * it.
   * @returns its exit code and its standard error; undefined if there is no such program
   */
  run(name: string, args: string[], options: RunOptions): Promise<{ code: number; errors: string } | undefined>
}

interface RunOptions {
  signal: AbortSignal
  /** Called for each line of standard output; a returned text is written to standard input as one line. */
  onLine(line: string): string | undefined
  /** Only accept one of Docker's plugins. */
  pluginOnly?: boolean
}
