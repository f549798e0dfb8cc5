import { namesSecret } from '../../stack/secret-names.ts'
import type { Sensitive } from '../../stack/sensitive.ts'

const ASSIGNMENT = /^(\s*(?:export\s+)?([^\s=:#]+)[^\S\n]*[=:])(.*)$/

export interface BlankedEnv {
  text: string
  /** The names whose values were taken out; sorted, without those that had none. */
  names: string[]
}

/** The text of an env file without secret values: `PASSWORD=`. Undefined if a secret is elsewhere in it, in a comment for example. */
export function withoutSecrets(text: string, { known, values }: Sensitive): BlankedEnv | undefined {
  const isSecret = (name: string, value: string) => namesSecret(name) || (known ?? values).has(value)
  const names = new Set<string>()
  const lines: string[] = []
  let open: string | undefined
  for (const line of text.split('\n')) {
    if (open !== undefined) {
      if (line.includes(open)) open = undefined
      continue
    }
    const [, begin, name = '', rest = ''] = ASSIGNMENT.exec(line) ?? []
    const value = rest.trim()
    if (begin === undefined || value === '' || !isSecret(name, unquoted(value))) lines.push(line)
    else {
      lines.push(begin)
      names.add(name)
      open = openQuote(value)
    }
  }
  const blanked = lines.join('\n')
  return [...values].some((value) => blanked.includes(value)) ? undefined : { text: blanked, names: [...names].sort() }
}

/** The quote of a value that goes on in the next line. */
function openQuote(value: string): string | undefined {
  const [quote = ''] = value
  return (quote === '"' || quote === "'") && !value.slice(1).includes(quote) ? quote : undefined
}

function unquoted(value: string): string {
  return /^(["'])(.*)\1$/.exec(value)?.[2] ?? value
}
