import type { Session } from '../../../backend/session.ts'
import { INTERRUPTED } from '../../../cli/exit.ts'

/** Signals that ask a program to end. All others have a meaning only for the program itself. */
const ASKING: ReadonlySet<string> = new Set(['SIGINT', 'SIGTERM'])

/**
 * A program may ignore Ctrl-C: the first process of a container ignores every signal that it has no handler for. The first two go
 * to it, because some ask to press it twice; the second also prints that the third kills it. The fourth returns without waiting.
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
