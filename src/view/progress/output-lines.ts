import type { RunEvent } from '../../execute/event.ts'
import { visible } from '../redact/visible.ts'
import { plainText } from '../width.ts'
import type { StepRow } from './groups.ts'
import { WORDS } from './words.ts'

type Output = Extract<RunEvent, { type: 'step-output' }>

/** `post_start | migrating`, of a build `web | #5 [2/3] RUN make`: what a step's program printed, without colours and whatever else controls a terminal. */
export function outputLines({ info }: Pick<StepRow, 'info'>, { lines }: Output): string[] {
  const source = info.verb === 'run' ? info.cause.split(':')[0] : (info.service ?? WORDS[info.verb].doing)
  return lines.map((line) => `${source} | ${visible(plainText(line))}`)
}
