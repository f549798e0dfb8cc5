import { type Checked, unwrap } from '../../../src/diagnostics/checked.ts'
import { type Diagnostic, isError } from '../../../src/diagnostics/diagnostic.ts'
import type { Span } from '../../../src/diagnostics/span.ts'
import type { Loaded } from '../../../src/load/loaded.ts'
import { configText } from '../../../src/load/print/print.ts'
import { loadFiles, problemsIn } from '../support.ts'
import type { Case } from './cases.ts'

/** Milliseconds of processor time that loading once may take: a hundred times what it takes. */
const MOST_TIME = 5000

const SECRET = 'c0rrect-h0rse'

const ENVIRONMENT = { A: 'is set', B: '', DB_PASSWORD: SECRET, HOME: '/home/me' }

/** What is broken by a case, in words; undefined if all laws hold. Never throws. */
export function brokenLaw(each: Case): string | undefined {
  try {
    const result = withinTime(() => loaded(each))
    const untrue = placeless(result, each) ?? telling(result)
    return untrue ?? (result.ok ? reprint(result.value, each) : blameless(result))
  } catch (thrown) {
    return thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)
  }
}

function loaded({ files, stacks, options = {} }: Omit<Case, 'seed'>): Checked<Loaded> {
  return loadFiles(files, { files: stacks.map((name) => `/lab/${name}`), environment: ENVIRONMENT, options })
}

function withinTime<T>(work: () => T): T {
  const before = process.cpuUsage()
  const result = work()
  const { user, system } = process.cpuUsage(before)
  const time = (user + system) / 1000
  if (time > MOST_TIME) throw new Error(`takes ${time.toFixed()} ms of processor time`)
  return result
}

/** A refusal says what is wrong, and where. */
function blameless(result: Checked<Loaded>): string | undefined {
  const errors = problemsIn(result).filter(isError)
  if (errors.length === 0) return 'refused without an error'
  return errors.some(({ at }) => at) ? undefined : `no error says where: ${errors[0]?.message}`
}

/** No message holds what a variable with the name of a secret holds. */
function telling(result: Checked<Loaded>): string | undefined {
  const reported = problemsIn(result).find((problem) => JSON.stringify(problem).includes(SECRET))
  return reported && `a secret shows: ${JSON.stringify(reported)}`
}

/** Every place lies within its file. */
function placeless(result: Checked<Loaded>, { files }: Case): string | undefined {
  const linesOf = new Map(Object.entries(files).map(([name, text]) => [`/lab/${name}`, linesIn(text)]))
  for (const problem of problemsIn(result)) {
    const wrong = placesOf(problem).find((at) => !isIn(at, linesOf.get(at.file)))
    if (wrong) return `"${problem.message}" is said to be at ${JSON.stringify(wrong)}`
  }
  return undefined
}

function linesIn(text: string): string[] {
  return (text.startsWith('\ufeff') ? text.slice(1) : text).split(/\r\n|\r|\n/)
}

function placesOf({ at, related = [] }: Diagnostic): Span[] {
  return [...(at ? [at] : []), ...related.map((each) => each.at)]
}

function isIn({ line, col, endLine, endCol }: Span, lines: readonly string[] | undefined): boolean {
  if (!lines) return false
  const isPoint = (row: number, column: number) =>
    row >= 1 && row <= lines.length && column >= 1 && column <= (lines[row - 1]?.length ?? 0) + 2
  const ordered = line < endLine || (line === endLine && col <= endCol)
  return ordered && isPoint(line, col) && isPoint(endLine, endCol)
}

/** What is printed loads as the same, as YAML and as JSON. */
function reprint(first: Loaded, { files, stacks: [main = ''], options }: Case): string | undefined {
  if (options) return void configText(first, 'yaml')
  for (const format of ['yaml', 'json'] as const) {
    const text = configText(first, format)
    if (isUnloadable(first, format, text)) continue
    const again = loaded({ files: { ...files, [main]: text }, stacks: [main] })
    if (!again.ok)
      return `what is printed as ${format} is refused: ${again.diagnostics.find(isError)?.message}\n${text}`
    const second = configText(unwrap(again), format)
    if (second !== text) return `what is printed as ${format} is printed differently then:\n${difference(text, second)}`
  }
  return undefined
}

/**
 * What `docker compose config` prints as well, and `docker compose` takes in another way then, or not at all: the number -1 as the
 * text of a size, requests of no device, services that may be switched off without those that are, an empty `network_mode` as none
 * and, in JSON, no models.
 */
function isUnloadable({ stack }: Loaded, format: 'yaml' | 'json', text: string): boolean {
  const odd = Object.values(stack.services).some(({ depends_on = {}, networks, network_mode, provider }) => {
    const switchedOff = Object.keys(depends_on).some((name) => !Object.hasOwn(stack.services, name))
    return switchedOff || (!networks && !network_mode && !provider)
  })
  return odd || UNLOADABLE.test(text) || (format === 'json' && /^ +"models": \{/m.test(text))
}

const UNLOADABLE = /: "-\d+",?$|^ +(?:- )?\{\},?$/m

function difference(one: string, other: string): string {
  const [before, after] = [one.split('\n'), other.split('\n')]
  const at = before.findIndex((line, index) => line !== after[index])
  return `${before.slice(at, at + 3).join('\n')}\n---\n${after.slice(at, at + 3).join('\n')}`
}
