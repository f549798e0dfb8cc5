import { namesSecret } from '../../stack/secret-names.ts'
import { MASK } from '../../stack/sensitive.ts'
import { fittedTable, type Loss } from '../fitted-table.ts'

/** A variable that stack files use, with its value on this machine. */
interface UsedVariable {
  name: string
  required: boolean
  default?: string
  value?: string
  from?: string
}

/** What the stack gets is the last to go. */
const LOSSES: readonly Loss[] = [
  ['drop', 'DEFAULT'],
  ['drop', 'REQUIRED'],
]

const HEADINGS = ['VARIABLE', 'VALUE', 'SOURCE', 'REQUIRED', 'DEFAULT']

/** The variables as `docker compose` lists them, without secrets, in at most so many columns. */
export function variablesTable(variables: readonly UsedVariable[], columns: number): string {
  const rows = variables.map(rowOf)
  return `The stack uses these variables:\n${fittedTable(HEADINGS, rows, { columns, losses: LOSSES })}`
}

function rowOf({ name, required, value, from, default: fallback }: UsedVariable): string[] {
  const shown = (text: string) => (namesSecret(name) && text !== '' ? MASK : text)
  const own = value ?? (fallback === undefined ? undefined : fallback)
  const source = from ?? (fallback === undefined ? 'none' : 'stack file')
  return [name, own === undefined ? '<unset>' : shown(own), source, required ? 'yes' : 'no', shown(fallback ?? '')]
}
