import { INTERRUPTED } from '../exit.ts'
import type { Interrupts } from '../host.ts'

/** Signals that a session's program may also handle; otherwise they end the process. */
const OTHER_SIGNALS = ['SIGQUIT', 'SIGUSR1', 'SIGUSR2'] as const

/**
 * Each Ctrl-C aborts the next awaited signal; if none is awaited, it ends the process at once. A closing terminal signals its
 * processes several times: only the first counts.
 */
export function interruptsOf(runtime: Pick<NodeJS.Process, 'on' | 'off' | 'exit'>): Interrupts {
  const first = new AbortController()
  const waiting = [first]
  let diverted: ((signal: string) => void) | undefined
  let earliest: string | undefined
  const interrupt = (signal: string) => {
    if (diverted) return diverted(signal)
    if (signal === 'SIGHUP' && earliest !== undefined) return
    earliest ??= signal
    const next = waiting.shift()
    if (!next) runtime.exit(INTERRUPTED)
    next.abort()
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) runtime.on(signal, interrupt)
  return {
    signal: first.signal,
    next() {
      const controller = new AbortController()
      waiting.push(controller)
      return controller.signal
    },
    first: () => earliest,
    divert(listener) {
      diverted = listener
      for (const signal of OTHER_SIGNALS) runtime.on(signal, listener)
      return () => {
        diverted = undefined
        for (const signal of OTHER_SIGNALS) runtime.off(signal, listener)
      }
    },
  }
}
