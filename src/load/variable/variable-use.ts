import type { Tree } from '../../yaml/tree.ts'
import { type Expression, parseTemplate, type TemplatePart } from './template.ts'

/** A variable that files expect from their environment, for `config --variables`. */
export interface VariableUse {
  name: string
  required: boolean
  default?: string
  alternate?: string
}

/** Every variable in a tree, in the order of the file. A later use adds a default or alternative that earlier ones lack. */
export function variablesIn(tree: Tree): VariableUse[] {
  const uses = new Map<string, VariableUse>()
  for (const [value, parts] of templatesIn(tree)) collect(value, parts, uses)
  return [...uses.values()]
}

function* templatesIn(tree: Tree): Generator<[string, TemplatePart[]]> {
  if (tree.kind === 'map') for (const { value } of tree.entries.values()) yield* templatesIn(value)
  else if (tree.kind === 'seq') for (const item of tree.items) yield* templatesIn(item)
  else if (typeof tree.value === 'string' && tree.value.includes('$'))
    yield [tree.value, parseTemplate(tree.value).parts]
}

function collect(template: string, parts: readonly TemplatePart[], uses: Map<string, VariableUse>): void {
  for (const part of parts) {
    if (typeof part === 'string') continue
    const { name, operator, argument, start, end } = part
    const known = uses.get(name) ?? { name, required: false }
    const written = operator ? template.slice(start + 2 + name.length + operator.length, end - 1) : ''
    uses.set(name, {
      ...useOf(operator, name, written),
      ...known,
      required: known.required || operator?.endsWith('?') === true,
    })
    collect(template, argument, uses)
  }
}

function useOf(operator: Expression['operator'], name: string, written: string): VariableUse {
  if (operator?.endsWith('-')) return { name, required: false, default: written }
  return operator?.endsWith('+') ? { name, required: false, alternate: written } : { name, required: false }
}
