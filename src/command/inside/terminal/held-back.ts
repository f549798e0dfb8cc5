import type { Session } from '../../../backend/session.ts'

/** A session whose output excludes the backend's message about a command that could not be run. */
export interface HeldBack {
  session: Session
  /** That message, available at the end; empty if the command was run. */
  refusal(): string
}

/**
 * An engine that cannot run a command writes its reason into the output. If the first output could be such a reason, the engine is
 * asked whether a process existed before anything is shown.
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

/** A reason is a single line that ends with CR LF, or the start of one (postContainerExecStart in moby). */
function mayBeRefusal(payload: Uint8Array): boolean {
  const end = payload.indexOf(NEWLINE)
  return end < 0 || (end === payload.length - 1 && (end === 0 || payload[end - 1] === RETURN))
}
