import type { Host } from '../../cli/host.ts'
import { StackError } from '../../diagnostics/checked.ts'
import { type Diagnostic, error, isError } from '../../diagnostics/diagnostic.ts'
import { mount } from '../../load/canonical/mounts.ts'
import { ports } from '../../load/canonical/ports.ts'
import { absolute } from '../../load/paths.ts'
import type { Rule } from '../../load/rewrite.ts'
import { toData } from '../../source/tree.ts'
import type { Mount, Port } from '../../stack/model.ts'

/** A volume of `-v`, as a stack file has it; a relative path starts in the working directory. */
export function mountOf(text: string, { cwd, home }: Pick<Host, 'cwd' | 'home'>): Mount {
  const parsed = canonical(mount, text, '--volume') as Mount
  if (parsed.type !== 'bind' || parsed.source === undefined) return parsed
  return { ...parsed, source: absolute(parsed.source, cwd, home) }
}

/** The ports of one `-p`, as a stack file has them. */
export function portsOf(text: string): Port[] {
  return canonical(ports, text, '--publish') as Port[]
}

/** What is said of it in a stack file is said of the flag. */
function canonical(rule: Rule, text: string, flag: string): unknown {
  const problems: Diagnostic[] = []
  const at = { file: flag, line: 1, col: 1, endLine: 1, endCol: 1 + text.length }
  const made = rule({ kind: 'scalar', value: text, at }, (problem) => problems.push(problem))
  const errors = problems.filter(isError)
  if (errors.length > 0 || !made)
    throw new StackError(errors.map(({ message, hint }) => error('usage', `${flag}: ${message}`, { hint })))
  return toData(made)
}
