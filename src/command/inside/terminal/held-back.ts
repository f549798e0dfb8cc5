import type { Session } from '../../../backend/session.ts'

/** A session without the words of the backend about a command that could not be run. */
export interface HeldBack {
  session: Session
  /** Those words, at the end; empty if the command was run. */
  refusal(): string
}

/**
 * An engine that cannot run a command writes its reason where the output would be. What arrives first may be such a reason: then the
 * engine is asked whether there was a process, before anything is shown.
 */
export function heldBack(session: Session): HeldBack {
  const decoder = new TextDecoder()
  let refusal = ''
  async function* output() {
    let isRefused: boolean | undefined
    for await (const spoken of session.output) {
      const { stream, payload } = spoken
      isRefused ??= stream === 'stdout' && mayBeRefusal(payload) && (await session.couldNotRun?.()) === true
      if (isRefused) refusal += decoder.decode(payload, { stream: true })
      else yield spoken
    }
  }
  return { session: { ...session, output: output() }, refusal: () => refusal }
}

const NEWLINE = 10
const RETURN = 13

/** A reason is one line that ends with a carriage return and a newline, or the beginning of one (postContainerExecStart in moby). */
function mayBeRefusal(payload: Uint8Array): boolean {
  const end = payload.indexOf(NEWLINE)
  return end < 0 || (end === payload.length - 1 && (end === 0 || payload[end - 1] === RETURN))
}
