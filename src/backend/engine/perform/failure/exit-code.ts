/** The meaning of an exit code (Docker's own codes; 128 + N for a signal, signal(7)). */
export function exitMeaning(code: number, oomKilled = false): string {
  if (oomKilled) return 'killed by the kernel because it ran out of memory'
  return (
    MEANINGS[code] ?? (code > 128 && code < 160 ? `ended by signal ${code - 128}` : 'the program reported an error')
  )
}

const MEANINGS: Record<number, string> = {
  0: 'the program ended without an error',
  1: 'the program reported an error',
  2: 'misuse of a shell command, or an error of the program',
  125: 'the engine itself failed',
  126: 'the command was found but cannot be executed',
  127: 'the command was not found in the image',
  130: 'interrupted (SIGINT)',
  134: 'aborted (SIGABRT)',
  137: 'killed (SIGKILL): by a stop after its grace period, by hand, or because memory ran out',
  139: 'crashed with a segmentation fault (SIGSEGV)',
  143: 'terminated (SIGTERM)',
}
