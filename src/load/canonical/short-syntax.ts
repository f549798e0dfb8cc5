import { type Checked, checked, failed } from '../../diagnostics/checked.ts'
import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import type { Mount, Port } from '../../stack/model.ts'
import { toData } from '../../yaml/tree.ts'
import type { Rule } from '../tree/rewrite.ts'
import { mount } from './mounts.ts'
import { absolute } from './paths.ts'
import { ports } from './ports.ts'

/** Parses `SOURCE:TARGET[:ro]` from outside a stack file; `directory` is the base of a relative path. */
export function parseMount(text: string, directory: string, home: string | undefined): Checked<Mount> {
  const parsed = canonical<Mount>(mount, text)
  if (!parsed.ok || parsed.value.type !== 'bind' || parsed.value.source === undefined) return parsed
  return { ...parsed, value: { ...parsed.value, source: absolute(parsed.value.source, directory, home) } }
}

/** Parses `[[IP:]HOST:]CONTAINER[/PROTOCOL]` from outside a stack file; a range yields several ports. */
export function parsePorts(text: string): Checked<Port[]> {
  return canonical<Port[]>(ports, text)
}

/** The text comes from no file, so its problems have no span. */
function canonical<T>(rule: Rule, text: string): Checked<T> {
  const problems: Diagnostic[] = []
  const at = { file: '', line: 1, col: 1, endLine: 1, endCol: 1 }
  const made = rule({ kind: 'scalar', value: text, at }, ({ at: _nowhere, ...problem }) => problems.push(problem))
  return made ? checked(toData(made) as T, problems) : failed(...problems)
}
