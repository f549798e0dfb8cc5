import type { FailureReport } from '../../execute/failure-report.ts'
import type { Palette } from '../palette.ts'
import type { Board, Failure } from '../progress/board.ts'
import { stateOf } from '../progress/groups.ts'
import { undoneText } from '../progress/undo.ts'
import { titleOf } from '../progress/words.ts'
import { prose } from '../prose.ts'
import { oneLine, visible } from '../redact/visible.ts'
import { type ProblemStyle, problemText } from './problem.ts'

/** The failures of a run with their reports, then one line with the groups that were skipped because of them. */
export function failuresText(board: Board, style: ProblemStyle): string {
  if (board.end?.again) return notesText(board, style)
  const stories = board.failures.map((failure) => failureText(failure, style))
  const skipped = board.groups.filter((group) => stateOf(group) === 'skipped').map((group) => group.title)
  const left = skipped.length > 0 ? [skippedText(skipped, style)] : []
  const undone = board.groups
    .flatMap(undoneText)
    .map((line) => `${prose(line, { columns: style.wrapAt, indent: 2 })}\n`)
  return [...stories, ...(undone.length > 0 ? [undone.join('')] : []), ...left].join('\n')
}

const SKIPPED = 'skipped because of this:'

function skippedText(titles: readonly string[], { palette, wrapAt }: ProblemStyle): string {
  const names = prose(titles.join(', '), { columns: wrapAt, taken: SKIPPED.length + 1, indent: 2 })
  return `${palette.yellow(SKIPPED)} ${names}\n`
}

/** A failure after which the run plans again is not final. */
function notesText(board: Board, { palette, wrapAt }: ProblemStyle): string {
  const notes = board.failures.map(({ step, problem }) => `${titleOf(step.group)}: ${problem.message}`)
  const text = (note: string) => prose(visible(note), { columns: wrapAt, taken: 6, indent: 6 })
  return [...new Set(notes)].map((note) => `${palette.cyan('note:')} ${text(note)}\n`).join('')
}

function failureText({ step, problem: found, report }: Failure, style: ProblemStyle): string {
  const problem = found.code === 'moved' ? { ...found, message: `${titleOf(step.group)}: ${found.message}` } : found
  if (!report) return problemText(problem, style)
  const { hint, ...rest } = problem
  const tries = [...report.tries, ...(hint && !report.tries.includes(hint) ? [hint] : [])]
  const { port, ...others } = report
  const reported = port && problem.message.includes(port.port) && problem.message.includes(port.holder)
  const source = report.source && shortPath(report.source, style.workingDirectory)
  const facts = { ...others, ...(source && { source }), ...(port && !reported && { port }), tries }
  return problemText(rest, style) + reportText(facts, style)
}

/** A text that begins with a path, which is shortened if it is in the directory. */
function shortPath(text: string, directory: string): string {
  return text.startsWith(`${directory}/`) ? text.slice(directory.length + 1) : text
}

/** One fact per line, label first; a bar sets off the container's output. */
function reportText(report: FailureReport, { palette, wrapAt }: Pick<ProblemStyle, 'palette' | 'wrapAt'>): string {
  const sentence = (text: string) => prose(text, { columns: wrapAt, taken: LABEL + 3, indent: LABEL + 3 })
  const facts: [label: string, text: string | undefined][] = [
    ['container', report.container],
    ['image', report.image],
    ['line', report.source],
    ['exit', exitText(report)],
    ['port', report.port && `${report.port.port} is held by ${report.port.holder}`],
    ['waiting for it', report.waiting?.length ? report.waiting.join(', ') : undefined],
    ['last probe', probeText(report)],
  ]
  const lines = facts.flatMap(([label, text]) =>
    text ? [`  ${palette.dim(`${label}:`.padEnd(LABEL))} ${sentence(oneLine(text))}`] : [],
  )
  const probe = quoted(report.probe?.output.trimEnd().split('\n') ?? [], palette)
  const log = report.log?.length ? [`  ${palette.dim('last output:')}`, ...quoted(report.log, palette)] : []
  const tries = report.tries.map(
    (each, index) => `  ${palette.cyan((index === 0 ? 'try:' : '').padEnd(LABEL))} ${sentence(visible(each))}`,
  )
  return `${[...lines, ...probe, ...log, ...tries].join('\n')}\n`
}

const LABEL = 15

function exitText({ exit }: FailureReport): string | undefined {
  if (!exit) return undefined
  const restarts = exit.restarts > 0 ? `, restarted ${exit.restarts} times` : ''
  const memory = exit.oomKilled && !exit.meaning.includes('memory') ? ' (out of memory)' : ''
  return `code ${exit.code}: ${exit.meaning}${memory}${restarts}`
}

function probeText({ probe }: FailureReport): string | undefined {
  if (!probe) return undefined
  const times = probe.failures > 1 ? `, failed ${probe.failures} times in a row` : ''
  return `${probe.command} (exit code ${probe.exitCode}${times})`
}

function quoted(lines: readonly string[], palette: Palette): string[] {
  return lines.filter((line) => line.trim() !== '').map((line) => `    ${palette.dim('|')} ${visible(line.trimEnd())}`)
}
