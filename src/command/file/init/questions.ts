import { basename } from 'node:path'
import type { Context } from '../../../cli/context.ts'
import { StackError } from '../../../diagnostics/checked.ts'
import { type Diagnostic, error } from '../../../diagnostics/diagnostic.ts'
import { closest } from '../../../diagnostics/suggest.ts'
import type { Template } from '../../../init/template.ts'
import { TEMPLATES } from '../../../init/templates.ts'

const NAMES = TEMPLATES.map(({ name }) => name)
const ALL = `templates: ${NAMES.join(', ')}`

/** The named templates, or those that the user chooses, in the order of the table. Throws a StackError with all unknown names. */
export async function chosenTemplates(context: Context, named: readonly string[]): Promise<Template[]> {
  const names = named.length > 0 ? named : await askForTemplates(context)
  const unknown = [...new Set(names)].filter((name) => !NAMES.includes(name))
  if (unknown.length > 0) throw new StackError(unknown.map(unknownTemplate))
  return TEMPLATES.filter(({ name }) => names.includes(name))
}

function unknownTemplate(name: string): Diagnostic {
  const near = closest(name, NAMES) ?? NAMES.find((each) => name.length > 1 && each.startsWith(name))
  const hint = near === undefined ? ALL : `did you mean "${near}"? ${ALL}`
  return error('usage', `there is no template "${name}"`, { hint })
}

async function askForTemplates(context: Context): Promise<string[]> {
  const { choose } = context.host
  if (!choose) throw new StackError([error('usage', 'name the templates: there is no terminal to ask', { hint: ALL })])
  const choices = TEMPLATES.map(({ name, summary }) => ({ name, about: summary }))
  return choose('Which services?', choices, context.signal)
}

interface Naming {
  given: string | undefined
  /** Absolute. */
  folder: string
  isAsked: boolean
}

/** The stack's name: as given, as the user answers, or that of the folder. */
export async function chosenName(
  context: Context,
  { given, folder, isAsked }: Naming,
  normalize: (text: string) => string,
): Promise<string> {
  const usual = normalize(basename(folder)) || 'lab'
  const { ask } = context.host
  const answer = given ?? (isAsked && ask ? (await ask(`Name of the stack [${usual}] `, context.signal)).trim() : '')
  const name = answer === '' ? usual : answer
  if (normalize(name) === name) return name
  const hint = 'a name contains only lower-case letters, digits, - and _, and starts with a letter or digit'
  throw new StackError([error('usage', `the name "${name}" is invalid`, { hint })])
}
