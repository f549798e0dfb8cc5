import type { HostPorts } from './ports.ts'
import type { Template } from './template.ts'

/** A line of `.env`. */
export interface Variable {
  name: string
  value: string
  /** A comment above it. */
  about: string
  isSecret?: true
}

interface Source {
  templates: readonly Template[]
  /** Makes a secret of letters and digits. */
  secret(): string
  /** The ids of the user on this machine, if they matter. */
  ids?: { user: number; group: number } | undefined
  free: HostPorts
  /** The ports in the stack file. */
  written: HostPorts
}

/** The variables that a stack needs, without those that `.env` has already. */
export function missingVariables(source: Source, present: ReadonlySet<string>): Variable[] {
  const all = [...secretsIn(source), ...idsIn(source), ...portsIn(source)]
  return all.filter(({ name }) => !present.has(name))
}

function secretsIn({ templates, secret }: Source): Variable[] {
  const secrets = templates.flatMap((template) => Object.entries(template.secrets ?? {}))
  return secrets.map(([name, about]) => ({ name, value: secret(), about: `Password: ${about}`, isSecret: true }))
}

function idsIn({ templates, ids }: Source): Variable[] {
  const names = templates.find((template) => template.ids)?.ids
  if (!names || !ids) return []
  return [
    { name: names.user, value: String(ids.user), about: 'The user on this machine to whom new files in ./work belong' },
    { name: names.group, value: String(ids.group), about: 'The group of that user' },
  ]
}

/** Only where the port in the stack file is taken here. */
function portsIn({ free, written }: Source): Variable[] {
  return [...free].flatMap(([name, port]) => {
    const usual = written.get(name)
    if (usual === port) return []
    return [{ name, value: String(port), about: `Port ${usual} was taken on this machine` }]
  })
}

const HEAD = '# Variables of the stack file. It holds passwords: keep it to yourself, and out of git.\n'

/** The text of `.env` with further variables; what is there stays as it is. */
export function withVariables(text: string, variables: readonly Variable[]): string {
  const lines = variables.map(({ name, value, about }) => `# ${about}\n${name}=${value}\n`)
  if (text === '') return [HEAD, ...lines].join('\n')
  const gap = text.endsWith('\n') ? '\n' : '\n\n'
  return variables.length === 0 ? text : `${text}${gap}${lines.join('\n')}`
}

/** The text of `.gitignore` that leaves `.env` out; undefined if it already does. */
export function withIgnored(text: string | undefined): string | undefined {
  const lines = (text ?? '').split(/\r?\n/).map((line) => line.trim())
  const last = lines.findLast((line) => /^!?\/?(?:\.env|\.env\*|\*\.env)$/.test(line))
  if (last !== undefined && !last.startsWith('!')) return undefined
  const before = text === undefined || text === '' || text.endsWith('\n') ? (text ?? '') : `${text}\n`
  return `${before}.env\n`
}
