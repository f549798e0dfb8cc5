import type { Replica } from '../backend/read/containers.ts'
import type { Reader } from '../backend/reader.ts'
import { foreign } from '../diagnostics/foreign.ts'
import type { Clock } from '../execute/step-context.ts'
import { replicaName } from '../project/replicas.ts'
import { visible } from '../view/redact/visible.ts'
import { BackOff } from './back-off.ts'
import { inSeconds, problemText, REMEDIES, timesText } from './messages.ts'
import { keyOf, type Problem, readyOnes, type Situation } from './problem.ts'
import { Recovery } from './recovery.ts'
import type { Reporter } from './reporter.ts'

/** Number of last log lines that are searched for a non-blank one. */
const LINES = 10
const MOST_CHARACTERS = 200

/** The problems of containers over time: when to repair each, how often it has occurred, and its reports. */
export class Incidents {
  readonly #backOff = new BackOff()
  readonly #recovery = new Recovery()
  /** Reported but not repaired yet: their dependencies are not running. */
  readonly #waiting = new Set<string>()

  constructor(
    private readonly reader: Reader,
    private readonly reporter: Reporter,
    private readonly clock: Clock,
  ) {}

  /** Records a passed health test. */
  healthy(key: string): void {
    this.#backOff.healthy(key, this.clock.now())
  }

  /** Reports containers that run again. Returns the time of the next check. */
  look(replicas: readonly Replica[], problems: readonly Problem[]): number | undefined {
    this.#forgetOthers(problems)
    const { well, next } = this.#recovery.look(replicas, problems, this.clock.now())
    for (const slot of well) this.reporter.say(`${replicaName(slot)} runs again`)
    return next
  }

  /** Containers without a problem: their next problem counts as new. */
  #forgetOthers(problems: readonly Problem[]): void {
    const inTrouble = new Set(problems.map(keyOf))
    for (const key of this.reporter.subjects.filter((each) => /\/\d+$/.test(each) && !inTrouble.has(each))) {
      this.reporter.forget(key)
      this.reporter.forget(`${key} problem`)
      this.#backOff.calm(key)
    }
  }

  /** The problems due for repair, and the time at which the next one is due. Reports each new one. */
  async dueOf(
    situation: Situation,
    problems: readonly Problem[],
    signal: AbortSignal,
  ): Promise<{ due: Problem[]; next: number | undefined }> {
    const now = this.clock.now()
    const waits = problems.map((each) => {
      return [each, this.#backOff.notice(keyOf(each), now, each.kind === 'unhealthy') - now] as const
    })
    const timely = waits.flatMap(([each, ms]) => (ms <= 0 ? [each] : []))
    const later = waits.flatMap(([, ms]) => (ms > 0 ? [now + ms] : []))
    const due = readyOnes(situation, timely)
    for (const [each, ms] of waits) await this.#report(each, ms, due.includes(each), signal)
    return { due, next: earliest(...later) }
  }

  /** Reports each occurrence of a problem in one line: the event, the number of occurrences, the last log line, and the reaction. */
  async #report(problem: Problem, ms: number, isDue: boolean, signal: AbortSignal): Promise<void> {
    const key = keyOf(problem)
    const text = problemText(problem)
    if (!this.reporter.isNews(key, text)) return
    const count = this.#recovery.count(problem, this.#backOff.isFirst(key))
    const hasLog = problem.id !== undefined && (problem.kind === 'ended' || problem.kind === 'unhealthy')
    const words = hasLog ? await lastWords(this.reader, problem.id ?? '', signal) : undefined
    const remedy = `${REMEDIES[problem.kind]}${ms > 0 ? ` in ${inSeconds(ms)}` : ''}`
    if (ms <= 0 && !isDue) this.#waiting.add(key)
    const then = this.#waiting.has(key) ? 'waiting for what it needs' : remedy
    this.reporter.say(`${text}${timesText(count)}${words === undefined ? '' : `: ${words}`}; ${then}`)
  }

  /** Records that these problems are being repaired. */
  tried(problems: readonly Problem[]): void {
    for (const problem of problems) {
      this.#backOff.tried(keyOf(problem), this.clock.now())
      if (this.#waiting.delete(keyOf(problem))) this.reporter.say(`${replicaName(problem)}: ${REMEDIES[problem.kind]}`)
    }
  }

  broughtBack(problems: readonly Problem[]): void {
    for (const problem of problems) {
      this.reporter.forget(keyOf(problem))
      this.#recovery.broughtBack(problem, this.clock.now())
    }
  }
}

export function earliest(...times: (number | undefined)[]): number | undefined {
  const given = times.filter((time) => time !== undefined)
  return given.length > 0 ? Math.min(...given) : undefined
}

/** The last non-blank line of a container's log; undefined if there is none or the log cannot be read. */
async function lastWords(reader: Reader, id: string, signal: AbortSignal): Promise<string | undefined> {
  let last: string | undefined
  try {
    const options = { follow: false, tail: LINES, timestamps: false }
    for await (const { text } of reader.logs(id, options, signal)) if (text.trim() !== '') last = text.trim()
  } catch {
    // The container is gone, or its log driver stores nothing readable: its end is reported all the same.
    return undefined
  }
  return last === undefined ? undefined : foreign(visible(cut(last.replace(/\s+/g, ' '))))
}

function cut(text: string): string {
  return text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)} …` : text
}
