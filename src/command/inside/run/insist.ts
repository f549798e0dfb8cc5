import type { Session } from '../../../backend/session.ts'
import { INTERRUPTED } from '../../../cli/exit.ts'

/** Signals that request a program to end. The meaning of all others is the program's own. */
const ASKING: ReadonlySet<string> = new Set(['SIGINT', 'SIGTERM'])

/**
 * Handles a program that ignores Ctrl-C: a container's first process ignores every signal without a handler. The first two Ctrl-C go
 * to the program, because some require a second one; the second also prints that the third kills it. The fourth returns without
 * waiting.
 */
export function insistent(session: Session, tell: (text: string) => void): Session {
  const { signal } = session
  if (!signal) return session
  let times = 0
  let leave: (code: number) => void = () => undefined
  const left = new Promise<number>((resolve) => {
    leave = resolve
  })
  const ask = async (name: string) => {
    times++
    if (times === 2) tell('press Ctrl-C again to kill it')
    if (times > 3) {
      leave(INTERRUPTED)
      session.close()
    } else await signal(times === 3 ? 'SIGKILL' : name)
  }
  return {
    ...session,
    signal: (name) => (ASKING.has(name) ? ask(name) : signal(name)),
    exitCode: () => Promise.race([session.exitCode(), left]),
  }
}
