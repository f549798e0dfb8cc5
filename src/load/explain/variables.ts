import type { Disk } from '../file/disk.ts'
import type { LoadInput } from '../input.ts'
import { substitute } from '../variable/substitute.ts'
import { type Expression, parseTemplate, type TemplatePart } from '../variable/template.ts'
import { envFilesOf, readVariables, type Variables, weakestFirst } from '../variable/variables.ts'
import type { VariableSource } from './explained.ts'

/** Every place that sets a variable, strongest first. */
export type Settings = (name: string) => { value: string; from: string }[]

/** The shell, then env files, strongest first. */
export function settingsOf(input: LoadInput, disk: Disk, directory: string): Settings {
  const found = envFilesOf(input, disk, directory)
  const strongest = found.ok ? weakestFirst(found.value).reverse() : []
  const read = strongest.map((file) => readVariables({ ...input, environment: {}, envFiles: [file] }, disk, directory))
  return (name) => {
    const shell = input.environment[name]
    const inFiles = read.flatMap((each) => (each.ok ? (each.value.lookup(name) ?? []) : []))
    return [...(shell === undefined ? [] : [{ value: shell, from: 'shell' }]), ...inFiles]
  }
}

/** The variables that a file sees, and every place that sets them. */
export interface KnownVariables {
  variables: Variables
  settings: Settings
}

/** Every variable in a text with its source; nested variables follow the enclosing one. */
export function variablesOfText(template: string, known: KnownVariables): VariableSource[] {
  return expressionsIn(parseTemplate(template).parts).map((expression) => {
    const text = template.slice(expression.start, expression.end)
    return sourceOf(expression, text, known)
  })
}

/** The variable that a name without a value refers to. */
export function variableOfName(name: string, known: KnownVariables): VariableSource {
  return sourceOf({ name }, `\${${name}}`, known)
}

function expressionsIn(parts: readonly TemplatePart[]): Expression[] {
  return parts.flatMap((part) => (typeof part === 'string' ? [] : [part, ...expressionsIn(part.argument)]))
}

type Used = Pick<Expression, 'name' | 'operator'>

function sourceOf(used: Used, text: string, { variables, settings }: KnownVariables): VariableSource {
  const { name } = used
  const found = variables.lookup(name)
  const { value } = substitute(text, (each) => variables.lookup(each)?.value)
  const own = found && { value: found.value, from: found.from === 'environment' ? 'shell' : found.from }
  const others = settings(name).filter((each) => each.from !== own?.from)
  const stands = instead(used, found?.value)
  if (stands) return { name, value, from: stands, lost: [...(own ? [own] : []), ...others] }
  return { name, value, from: own?.from ?? 'unset', lost: own ? others : [] }
}

/** The operator's argument that replaces the variable's value, if any. */
function instead(used: Used, value: string | undefined): string | undefined {
  const operator: string = used.operator ?? ''
  const present = value !== undefined && (value !== '' || !operator.startsWith(':'))
  if (operator.endsWith('-') && !present) return 'default'
  return operator.endsWith('+') && present ? 'alternative' : undefined
}
