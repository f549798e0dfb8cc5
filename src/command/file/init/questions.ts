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
  const unknown = unknownIn(names)
  if (unknown.length > 0) throw new StackError(unknown)
  return TEMPLATES.filter(({ name }) => names.includes(name))
}

function unknownIn(names: readonly string[]): Diagnostic[] {
  return [...new Set(names)].filter((name) => !NAMES.includes(name)).map(unknownTemplate)
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
  return untilValid(context, () => choose('Which services?', choices, context.signal), unknownIn)
}

/** Asks again, with the reason, as long as something is wrong with the answer. */
async function untilValid<T>(
  context: Context,
  ask: () => Promise<T>,
  faultsOf: (answer: T) => Diagnostic[],
): Promise<T> {
  const view = await context.view()
  for (;;) {
    const answer = await ask()
    const faults = faultsOf(answer)
    if (faults.length === 0) return answer
    view.problems(faults)
  }
}

interface Naming {
  given: string | undefined
  /** Absolute. */
  folder: string
  isAsked: boolean
}

/** The stack's name: as given, as the user answers, or that of the folder. Throws a StackError if the given one is invalid. */
export async function chosenName(
  context: Context,
  { given, folder, isAsked }: Naming,
  normalize: (text: string) => string,
): Promise<string> {
  const usual = normalize(basename(folder)) || 'lab'
  const { ask } = context.host
  const faultsOf = (name: string) => (normalize(name) === name ? [] : [invalidName(name)])
  if (given === undefined && isAsked && ask) {
    const answer = async () => (await ask(`Name of the stack [${usual}] `, context.signal)).trim() || usual
    return untilValid(context, answer, faultsOf)
  }
  const name = given || usual
  const faults = faultsOf(name)
  if (faults.length > 0) throw new StackError(faults)
  return name
}

function invalidName(name: string): Diagnostic {
  const hint = 'a name contains only lower-case letters, digits, - and _, and starts with a letter or digit'
  return error('usage', `the name "${name}" is invalid`, { hint })
}
