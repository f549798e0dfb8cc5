/** Programs of the user's that stand in for containers: providers of services, and Docker's own plugins. */
export interface Programs {
  /**
   * Runs `docker-<name>` of Docker's plugin folders, else `<name>` of the PATH, to its end. Killed once the signal aborts.
   * @returns its exit code and what it wrote to standard error; undefined if there is no such program
   */
  run(name: string, args: string[], options: RunOptions): Promise<{ code: number; errors: string } | undefined>
}

export interface RunOptions {
  signal: AbortSignal
  /** Each line of its standard output; what is returned is written to its standard input, as one line. */
  onLine(line: string): string | undefined
  /** Only a plugin of Docker's will do. */
  pluginOnly?: boolean
}
