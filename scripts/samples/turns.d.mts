/** Names of the samples that a run of the tests brings up. */
export function samplesOfTurn(options?: { wanted?: string; commit?: string | Promise<string> }): Promise<string[]>

/** Those that are not in every run, turn by turn. */
export function allTurns(): string[][]
