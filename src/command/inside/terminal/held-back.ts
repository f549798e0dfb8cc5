import type { Session, Spoken } from '../../../backend/session.ts'

/** The first words of the output where an engine before version 23 could not run the command. */
const PREFIX = 'OCI runtime exec failed: '
/** Such a sentence is no longer, in characters. */
const LONGEST = 4_000

/** A session whose output is held back while it may be the runtime's sentence about a command that could not be run. */
export interface HeldBack {
  session: Session
  /** The output that was still held back at the end. */
  held(): readonly Spoken[]
}

export function heldBack(session: Session): HeldBack {
  const kept: Spoken[] = []
  async function* output(): AsyncIterable<Spoken> {
    const decoder = new TextDecoder()
    let text = ''
    let isHeld = true
    for await (const spoken of session.output) {
      if (!isHeld) {
        yield spoken
        continue
      }
      kept.push(spoken)
      text += decoder.decode(spoken.payload, { stream: true })
      isHeld = (PREFIX.startsWith(text) || text.startsWith(PREFIX)) && text.length < LONGEST
      if (!isHeld) yield* kept.splice(0)
    }
    if (!text.startsWith(PREFIX)) yield* kept.splice(0)
  }
  return { session: { ...session, output: output() }, held: () => kept }
}
