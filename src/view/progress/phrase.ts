import type { Verb } from '../../plan/step.ts'
import { withoutCommandMarks } from '../prose.ts'
import { oneLine } from '../redact/visible.ts'
import type { Board } from './board.ts'
import { type Group, latest, type StepRow, stateOf } from './groups.ts'
import { doingText, isReplacement, isRestart, WORDS } from './words.ts'

/** A short phrase: the current work, wait or outcome of a group. */
export function phraseOf(board: Board, group: Group): string {
  return oneLine(wordsOf(board, group))
}

function wordsOf(board: Board, group: Group): string {
  switch (stateOf(group)) {
    case 'running':
      return runningPhrase(latest(group, 'running'))
    case 'failed':
      return failedPhrase(board, group)
    case 'skipped':
      return skippedPhrase(board, group)
    case 'interrupted':
      return 'interrupted'
    case 'waiting':
      return waitingPhrase(board, group)
    case 'done':
      return donePhrase(group)
    case 'unneeded':
      return 'nothing to do'
  }
}

function runningPhrase(row: StepRow | undefined): string {
  if (!row) return ''
  const doing = doingText(row.info)
  const text = newsOf(row)
  if (!text) return doing
  if (row.progress?.total) return text
  if (row.info.verb === 'wait') return `${doing} (${text})`
  return text.toLowerCase().startsWith(doing) ? text : `${doing}: ${text}`
}

/** The work of a running group, without its news. */
export function briefPhrase(group: Group): string {
  const row = latest(group, 'running')
  return row ? oneLine(doingText(row.info)) : ''
}

/** The newest line of each part of a group's step that runs now. */
export function runningParts(group: Group): string[] {
  return (latest(group, 'running')?.progress?.running ?? []).map((line) => oneLine(line))
}

/** A step's progress text. Omits the step count that builders print first, since it is shown elsewhere. */
export function newsOf({ progress }: StepRow): string {
  const text = progress?.text.trim() ?? ''
  return progress?.total ? text.replace(/^Step \d+\/\d+\s*:\s*/, '') : text
}

function failedPhrase(board: Board, group: Group): string {
  const failure = board.failureOf(group)
  return failure ? causeIn(withoutCommandMarks(failure.problem.message), group) : 'failed'
}

/**
 * A message without a leading name that the line already shows: `network default` is `network "lab_default"` for the engine, and
 * `image lab-web` is `the image of service "web"`.
 */
function causeIn(message: string, { title }: Group): string {
  const [kind = '', name = kind] = title.split(' ').map(literally)
  const names = `["'\`]?(?:${name}|${name.replace(/\\-\d+$/, '')})["'\`]?`
  const subject = `(?:${kind} (?:of service )?"[^"]*"|(?:\\w+ )?${names})`
  return message.replace(new RegExp(`^(?:the )?${subject}(?: of service "[^"]*")?[:,]? +`), '')
}

function literally(text: string): string {
  return text.replaceAll(/[^\w]/g, '\\$&')
}

/** Names the first failure up the chain, not a neighbour that was itself skipped. */
function skippedPhrase(board: Board, group: Group): string {
  const cause = board.causeOf(group)
  return cause ? `skipped, since ${cause.title} failed` : 'skipped'
}

function waitingPhrase(board: Board, group: Group): string {
  const done = latest(group, 'done')
  const blockers = board.blockers(group)
  const parts = [done && WORDS[done.info.verb].done, blockers.length > 0 && `waits for ${blockers.join(', ')}`]
  return parts.filter(Boolean).join(', ') || 'waiting'
}

/** The combined outcome of a group: a container that was created and removed was recreated. */
function donePhrase(group: Group): string {
  const verbs = new Set(group.steps.filter((row) => row.state === 'done').map((row) => row.info.verb))
  if (isReplacement(verbs) || (verbs.has('create') && verbs.has('rename')))
    return verbs.has('wait') ? 'recreated, ready' : 'recreated'
  if (isRestart(verbs)) return verbs.has('wait') ? 'restarted, ready' : 'restarted'
  const telling = TELLING.find((verb) => verbs.has(verb))
  return telling ? WORDS[telling].done : 'done'
}

/** The verbs that describe a finished group, most telling first. */
const TELLING: readonly Verb[] = [
  'wait',
  'remove',
  'start',
  'kill',
  'stop',
  'pause',
  'unpause',
  'create',
  'push',
  'build',
  'pull',
  'update',
  'connect',
  'disconnect',
  'copy',
  'attach',
  'rename',
  'check',
  'run',
]
