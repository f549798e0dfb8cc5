import type { RunEvent } from '../../execute/event.ts'
import { visible } from '../redact/visible.ts'
import { plainText } from '../width.ts'
import type { Board } from './board.ts'
import type { StepRow } from './groups.ts'
import { WORDS } from './words.ts'

type Output = Extract<RunEvent, { type: 'step-output' }>

/**
 * A step's output lines with a prefix (`post_start | migrating`, for a build `web | #5 [2/3] RUN make`), without colours and other
 * terminal control sequences.
 */
export function outputLines({ info }: Pick<StepRow, 'info'>, { lines }: Output): string[] {
  const source = info.verb === 'run' ? info.cause.split(':')[0] : (info.service ?? WORDS[info.verb].doing)
  return lines.map((line) => `${source} | ${visible(plainText(line))}`)
}

/** A failure without the output of its build, for views that print that output as it arrives. */
export function withoutPrinted(event: RunEvent, board: Board): RunEvent {
  if (event.type !== 'step-fail' || !event.dossier || board.step(event.step)?.info.verb !== 'build') return event
  const { log: _, ...dossier } = event.dossier
  return { ...event, dossier }
}
