import { type Checked, checked, failed } from '../../diagnostics/checked.ts'
import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import type { Mount, Port } from '../../stack/model.ts'
import { toData } from '../../yaml/tree.ts'
import type { Rule } from '../tree/rewrite.ts'
import { mount } from './mounts.ts'
import { absolute } from './paths.ts'
import { ports } from './ports.ts'

/** `SOURCE:TARGET[:ro]` outside of any stack file; a relative path starts in `directory`. */
export function parseMount(text: string, directory: string, home: string | undefined): Checked<Mount> {
  const parsed = canonical<Mount>(mount, text)
  if (!parsed.ok || parsed.value.type !== 'bind' || parsed.value.source === undefined) return parsed
  return { ...parsed, value: { ...parsed.value, source: absolute(parsed.value.source, directory, home) } }
}

/** `[[IP:]HOST:]CONTAINER[/PROTOCOL]` outside of any stack file; a range is several ports. */
export function parsePorts(text: string): Checked<Port[]> {
  return canonical<Port[]>(ports, text)
}

/** Such a text has no place in a file, and nor have its problems. */
function canonical<T>(rule: Rule, text: string): Checked<T> {
  const problems: Diagnostic[] = []
  const at = { file: '', line: 1, col: 1, endLine: 1, endCol: 1 }
  const made = rule({ kind: 'scalar', value: text, at }, ({ at: _nowhere, ...problem }) => problems.push(problem))
  return made ? checked(toData(made) as T, problems) : failed(...problems)
}
