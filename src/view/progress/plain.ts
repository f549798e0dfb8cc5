import type { RunEvent } from '../../execute/event.ts'
import { undoes, type Verb } from '../../plan/step.ts'
import { changeLine } from '../changes.ts'
import type { Facts, View } from '../contract.ts'
import { oneLine } from '../redact/visible.ts'
import { problemsText } from '../report/problem.ts'
import { problemStyle } from '../report/style.ts'
import type { Terminal } from '../terminal.ts'
import { padEnd, widthOf } from '../width.ts'
import { amountText } from './amount.ts'
import { Board } from './board.ts'
import { closingText } from './closing.ts'
import type { Group, StepRow } from './groups.ts'
import { outputLines, withoutPrinted } from './output-lines.ts'
import { newsOf } from './phrase.ts'
import { sayingText } from './saying.ts'
import { duration } from './time.ts'
import { undoneWords } from './undo.ts'
import { doingText, WORDS } from './words.ts'

/** Prints one line per change of state, and regular updates for steps that take long. */
export function plainView(terminal: Terminal, facts: Facts): View {
  let log: PlainLog | undefined
  return {
    emit(event) {
      if (event.type === 'plan') log = new PlainLog(event, terminal, facts)
      else log?.apply(event)
    },
    problems: (diagnostics) => terminal.err.write(problemsText(diagnostics, problemStyle(terminal, facts))),
    say: (text) => terminal.err.write(sayingText(text, terminal.err)),
    beside: (print) => print(),
    async flush() {},
  }
}

/** Verbs that may take minutes: their start gets a line. */
const LONG: ReadonlySet<Verb> = new Set(['pull', 'push', 'build', 'wait'])

/** Verbs of minor steps: their end is printed only if they took long. */
const MINOR: ReadonlySet<Verb> = new Set(['update', 'rename', 'connect', 'disconnect', 'copy', 'attach', 'check'])

/** Milliseconds between two lines about a step, with and without new progress. */
const WITH_NEWS = 5000
const WITHOUT_NEWS = 15_000

class PlainLog {
  readonly #board: Board
  readonly #width: number
  readonly #began: number
  readonly #ended = new AbortController()
  readonly #reported = new Map<StepRow, { at: number; text: string }>()
  readonly #announced = new Set<Group>()

  constructor(
    plan: Extract<RunEvent, { type: 'plan' }>,
    private readonly terminal: Terminal,
    private readonly facts: Facts,
  ) {
    this.#board = new Board(plan)
    this.#width = Math.min(28, Math.max(0, ...this.#board.groups.map((group) => widthOf(group.title))))
    this.#began = terminal.clock.now() - plan.at
    terminal.err.write(problemsText(plan.notes, problemStyle(terminal, facts)))
    if (plan.steps.length > 0) void this.#beat()
  }

  apply(event: RunEvent): void {
    this.#board.apply(withoutPrinted(event, this.#board))
    if (event.type === 'end') {
      this.#ended.abort()
      this.terminal.err.write(closingText(this.#board, problemStyle(this.terminal, this.facts)))
    }
    const row = 'step' in event ? this.#board.step(event.step) : undefined
    const group = row && this.#board.groupOf(row.info.id)
    if (row && group) this.#tell(event, row, group)
  }

  #tell(event: RunEvent, row: StepRow, group: Group): void {
    const words = WORDS[row.info.verb]
    if (event.type === 'step-start') this.#tellStart(row, group, event.at)
    if (event.type === 'step-done' && (!MINOR.has(row.info.verb) || event.ms >= 1000)) {
      const done = undoes(row.info) ? undoneWords(group, row) : words.done
      if (done) this.#line(group, `${done} in ${duration(event.ms)}`)
    }
    if (event.type === 'step-output') this.#tellOutput(event, row, group)
    if (event.type === 'step-warning')
      this.terminal.err.write(problemsText([event.problem], problemStyle(this.terminal, this.facts)))
    if (event.type === 'step-fail')
      this.#line(group, `${words.doing} ${isInterrupted(event) ? 'interrupted' : 'failed'} after ${duration(event.ms)}`)
    if (event.type === 'step-skip' && event.reason !== 'unneeded' && !undoes(row.info))
      this.#tellSkip(group, event.reason)
  }

  /** A build's output lines show their service, and count as progress. */
  #tellOutput(event: Extract<RunEvent, { type: 'step-output' }>, row: StepRow, group: Group): void {
    const lines = outputLines(row, event)
    if (row.info.verb !== 'build') for (const line of lines) this.#line(group, line)
    else {
      this.#reported.set(row, { at: event.at, text: progressText(row) })
      this.terminal.err.write(lines.map((line) => `${oneLine(line)}\n`).join(''))
    }
  }

  #tellStart(row: StepRow, group: Group, at: number): void {
    this.#reported.set(row, { at, text: '' })
    if (group.changes.length > 0 && !this.#announced.has(group)) this.#tellChanges(row, group)
    else if (row.info.verb === 'wait') this.#line(group, doingText(row.info))
    else if (LONG.has(row.info.verb)) this.#line(group, `${doingText(row.info)}: ${row.info.cause}`)
  }

  #tellChanges(row: StepRow, group: Group): void {
    this.#announced.add(group)
    const doing = row.info.verb === 'create' ? 'recreating' : doingText(row.info)
    this.#line(group, `${doing}: ${row.info.cause}`)
    for (const change of group.changes) this.#line(group, `  ${changeLine(change)}`)
  }

  #tellSkip(group: Group, reason: 'upstream' | 'interrupted'): void {
    if (this.#announced.has(group)) return
    this.#announced.add(group)
    const cause = reason === 'upstream' ? this.#board.causeOf(group) : undefined
    this.#line(group, cause ? `skipped, since ${cause.title} failed` : `skipped: ${reason}`)
  }

  /** Checks every second which steps have been silent for long enough to print an update. */
  async #beat(): Promise<void> {
    const { clock } = this.terminal
    while (!this.#ended.signal.aborted) {
      await clock.sleep(1000, this.#ended.signal).catch(() => {})
      if (!this.#ended.signal.aborted) this.#pulse(clock.now() - this.#began)
    }
  }

  #pulse(now: number): void {
    for (const group of this.#board.groups) {
      for (const row of group.steps) if (row.state === 'running') this.#tellProgress(group, row, now)
    }
  }

  #tellProgress(group: Group, row: StepRow, now: number): void {
    const last = this.#reported.get(row)
    const text = progressText(row)
    if (!last || now - last.at < (text === last.text ? WITHOUT_NEWS : WITH_NEWS)) return
    this.#reported.set(row, { at: now, text })
    const elapsed = duration(now - (row.startedAt ?? now))
    this.#line(group, `${WORDS[row.info.verb].doing} for ${elapsed}${text && `: ${text}`}`)
  }

  #line(group: Group, text: string): void {
    const line = `${padEnd(group.title, this.#width)}  ${text}`
    this.terminal.err.write(`${oneLine(line)}\n`)
  }
}

function isInterrupted({ problem }: Extract<RunEvent, { type: 'step-fail' }>): boolean {
  return problem.code === 'interrupted'
}

function progressText(row: StepRow): string {
  const { progress } = row
  if (!progress) return ''
  return `${amountText(row)} ${newsOf(row)}`.trim()
}
