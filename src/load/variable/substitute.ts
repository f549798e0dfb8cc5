import { foreign } from '../../diagnostics/foreign.ts'
import { namesSecret } from '../../stack/secret-names.ts'
import { MASK } from '../../stack/sensitive.ts'
import { type Expression, parseTemplate, type TemplatePart, type TemplateProblem } from './template.ts'

export interface Substituted {
  value: string
  /** Offsets are into the template. */
  problems: TemplateProblem[]
  /** Plain `$NAME` and `${NAME}` of unset variables: they become empty, with a warning. */
  unset: Expression[]
  /** Every variable that was looked up. */
  used: Set<string>
}

/** The number of characters that interpolation may still produce: a few lines can double each other. */
export interface Room {
  left: number
  isReported?: true
}

const MOST_FILLED = 32 * 1024 * 1024

export function newRoom(): Room {
  return { left: MOST_FILLED }
}

/**
 * Replaces the variables of a text. Never throws. As in `docker compose`, required variables in an argument are checked even if a
 * shell would not evaluate the argument.
 */
export function substitute(
  template: string,
  lookup: (name: string) => string | undefined,
  room: Room = newRoom(),
): Substituted {
  const { parts, problems } = parseTemplate(template)
  const result: Evaluation = { value: '', problems, unset: [], used: new Set(), room }
  const value = evaluateAll(parts, lookup, result)
  if (room.left >= 0) return { ...result, value }
  if (!room.isReported) problems.push(tooLong(template))
  room.isReported = true
  return { ...result, value: '' }
}

type Evaluation = Substituted & { room: Room }

function tooLong({ length: end }: string): TemplateProblem {
  const message = `the files exceed ${MOST_FILLED / 1024 / 1024} MiB once their variables are substituted`
  return { code: 'interpolation-syntax', message, hint: 'variables that repeat each other grow quickly', start: 0, end }
}

/** Empty if the limit is exceeded. */
function fitting(text: string, room: Room): string {
  room.left -= text.length
  return room.left < 0 ? '' : text
}

type Lookup = (name: string) => string | undefined

function evaluateAll(parts: readonly TemplatePart[], lookup: Lookup, result: Evaluation): string {
  return parts
    .map((part) => (typeof part === 'string' ? fitting(part, result.room) : evaluate(part, lookup, result)))
    .join('')
}

function evaluate(expression: Expression, lookup: Lookup, result: Evaluation): string {
  const { name, operator, argument } = expression
  const value = lookup(name)
  result.used.add(name)
  const present = value !== undefined && (value !== '' || !operator?.startsWith(':'))
  if (operator === undefined && value === undefined) result.unset.push(expression)
  if (operator?.endsWith('-'))
    return present ? passed(value, argument, lookup, result) : evaluateAll(argument, lookup, result)
  if (operator?.endsWith('+'))
    return present ? evaluateAll(argument, lookup, result) : passed('', argument, lookup, result)
  if (operator?.endsWith('?') && !present)
    result.problems.push(required(expression, value, evaluateAll(argument, openly(lookup), result)))
  return fitting(value ?? '', result.room)
}

/** The value, with the problems of its unused argument reported. */
function passed(
  value: string,
  argument: readonly TemplatePart[],
  lookup: Lookup,
  { problems, room }: Evaluation,
): string {
  const aside: Evaluation = { value: '', problems, unset: [], used: new Set(), room }
  evaluateAll(argument, lookup, aside)
  return fitting(value, room)
}

/** Wraps a lookup for texts that are printed: masks secrets. */
function openly(lookup: Lookup): Lookup {
  return (name) => {
    const value = lookup(name)
    return value && namesSecret(name) ? MASK : value
  }
}

function required({ name, start, end }: Expression, value: string | undefined, reason: string): TemplateProblem {
  const state = value === undefined ? 'not set' : 'empty'
  const message = `the variable ${name} is required but ${state}${reason ? `: ${foreign(reason)}` : ''}`
  return {
    code: 'variable-required',
    message,
    hint: `set ${name}=… in .env or in the environment`,
    start,
    end,
  }
}
