import { changeLine } from '../changes.ts'
import type { Palette } from '../palette.ts'
import { clip, clipWords, padEnd, padStart, widthOf } from '../width.ts'
import { amountText } from './amount.ts'
import type { Board } from './board.ts'
import { type Group, latest, type StepState, stateOf, workedFor } from './groups.ts'
import { briefPhrase, phraseOf, runningParts } from './phrase.ts'
import { duration } from './time.ts'

export interface FrameStyle {
  palette: Palette
  columns: number
  /** The maximum number of lines of the frame; Infinity for the final one, which stays. */
  rows: number
  /** Milliseconds since the start of the command. */
  now: number
  /** Counts up while steps are running. */
  tick: number
}

/** The lines that show a run's progress: a heading, then one line per group, reduced to those that fit. */
export function frame(board: Board, style: FrameStyle): string[] {
  const room = Math.max(1, style.rows - SPARE)
  const shown = fitting(board.groups, room)
  const titles = Math.min(Math.max(0, ...board.groups.map((group) => widthOf(group.title))), style.columns >> 1)
  const folded = board.groups.length - shown.length
  let spare = room - shown.length - (folded > 0 ? 1 : 0)
  const lines = shown.flatMap((group) => {
    const below = detailLines(group, style).slice(0, spare)
    spare -= below.length
    return [groupLine(board, group, titles, { ...style, isBrief: below.length > 0 }), ...below]
  })
  return [
    clip(heading(board, style), style.columns),
    ...lines.slice(0, room),
    ...(folded > 0 ? [foldLine(board, shown, style)] : []),
  ]
}

/**
 * Rows of the terminal not available to groups: the heading, the cursor's row, and one row above, which stays visible while logs
 * scroll by.
 */
const SPARE = 3

function heading(board: Board, style: FrameStyle): string {
  const { done, needed } = board.counts
  return `${style.palette.bold(board.stack)}  ${style.palette.dim(`${done}/${needed}  ${duration(style.now)}`)}`
}

const URGENCY: readonly StepState[] = ['running', 'failed', 'interrupted', 'waiting', 'skipped', 'done', 'unneeded']

/** As many groups as fit, preferring those in progress, in their original order. */
function fitting(groups: readonly Group[], room: number): Group[] {
  if (groups.length <= room) return [...groups]
  const urgent = [...groups].sort((a, b) => URGENCY.indexOf(stateOf(a)) - URGENCY.indexOf(stateOf(b)))
  const chosen = new Set(urgent.slice(0, Math.max(0, room - 1)))
  return groups.filter((group) => chosen.has(group))
}

function foldLine(board: Board, shown: readonly Group[], style: FrameStyle): string {
  const hidden = board.groups.filter((group) => !shown.includes(group)).map(stateOf)
  const counts = URGENCY.map((state) => [state, hidden.filter((each) => each === state).length] as const)
  const text = counts.filter(([, count]) => count > 0).map(([state, count]) => `${count} ${state}`)
  return style.palette.dim(clip(`   … ${text.join(', ')}`, style.columns - 2))
}

interface LineStyle extends FrameStyle {
  /** Whether there are lines below the group's line. */
  isBrief: boolean
}

function groupLine(board: Board, group: Group, titles: number, style: LineStyle): string {
  const { palette, columns } = style
  const state = stateOf(group)
  const head = ` ${iconOf(state, style)} ${padEnd(clip(group.title, titles), titles)}  `
  const time = columns < NARROW ? '' : ` ${padStart(timeText(group, state, style.now), TIME_WIDTH)}`
  const room = Math.max(1, Math.min(columns, WIDEST) - widthOf(head) - widthOf(time))
  const phrase = style.isBrief && runningParts(group).length > 0 ? briefPhrase(group) : phraseOf(board, group)
  const text = clipWords(`${bar(group)}${phrase}`.replace(/\s+/g, ' '), room)
  const line = clip(`${head}${tint(state, palette)(padEnd(text, room))}${palette.dim(time)}`, columns)
  return line.trimEnd()
}

/** The maximum numbers of lines below a group about running parts, newest last, and about changes. */
const MOST_PARTS = 6
const MOST_CHANGES = 4

function detailLines(group: Group, { palette, columns }: FrameStyle): string[] {
  const parts = runningParts(group).slice(-MOST_PARTS)
  const changes = group.changes.slice(0, MOST_CHANGES).map(changeLine)
  return [...parts, ...changes].map((text) => palette.dim(clipWords(`     ${text.replace(/\s+/g, ' ')}`, columns)))
}

/** How long a group's steps have been running; empty if that is not informative. */
function timeText(group: Group, state: StepState, now: number): string {
  const worked = workedFor(group, now)
  return state === 'waiting' || state === 'skipped' || worked < 50 ? '' : duration(worked)
}

/** The width of `59 min 59 s`. */
const TIME_WIDTH = 11

/** Times are not shown on narrower terminals. */
const NARROW = 60

/** On wider terminals, times would be too far from their lines. */
const WIDEST = 100

const SPINNER = [...'⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏']

function iconOf(state: StepState, { palette, tick }: FrameStyle): string {
  const icons: Record<StepState, string> = {
    running: palette.cyan(SPINNER[tick % SPINNER.length] ?? ''),
    done: palette.green('✔'),
    unneeded: palette.dim('='),
    failed: palette.red('✖'),
    interrupted: palette.yellow('■'),
    skipped: palette.yellow('⊘'),
    waiting: palette.dim('·'),
  }
  return icons[state]
}

function tint(state: StepState, palette: Palette): (text: string) => string {
  if (state === 'failed') return palette.red
  if (state === 'skipped' || state === 'interrupted') return palette.yellow
  return state === 'running' ? (text) => text : palette.dim
}

const BAR_WIDTH = 10

/** `▰▰▰▱▱▱▱▱▱▱ 3/11 `, if a step reports its progress. */
function bar(group: Group): string {
  const row = latest(group, 'running')
  const progress = row?.progress
  if (!row || progress?.total === undefined || progress.total <= 0) return ''
  const part = Math.min(1, (progress.done ?? 0) / progress.total)
  const full = Math.round(part * BAR_WIDTH)
  return `${'▰'.repeat(full)}${'▱'.repeat(BAR_WIDTH - full)} ${amountText(row)} `
}
