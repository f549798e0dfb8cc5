import type { Host } from '../../../cli/host.ts'
import { type Checked, StackError } from '../../../diagnostics/checked.ts'
import { error } from '../../../diagnostics/diagnostic.ts'
import { parseMount, parsePorts } from '../../../load/canonical/short-syntax.ts'
import type { Mount, Port } from '../../../stack/model.ts'

/** Parses a `-v` volume in the stack file's short syntax. Throws StackError. */
export function mountOf(text: string, { cwd, home }: Pick<Host, 'cwd' | 'home'>): Mount {
  return given('--volume', parseMount(text, cwd, home))
}

/** Parses the ports of one `-p` in the stack file's short syntax. Throws StackError. */
export function portsOf(text: string): Port[] {
  return given('--publish', parsePorts(text))
}

/** Reports problems of the stack file syntax against the flag. */
function given<T>(flag: string, parsed: Checked<T>): T {
  if (parsed.ok) return parsed.value
  throw new StackError(parsed.diagnostics.map(({ message, hint }) => error('usage', `${flag}: ${message}`, { hint })))
}
