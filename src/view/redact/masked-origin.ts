import { covered } from '../../redact/ranges.ts'
import { redact, redactDeep } from '../../redact/redact.ts'
import { secretRanges } from '../../redact/secret-ranges.ts'
import { namesSecret } from '../../stack/secret-names.ts'
import { MASK, type Sensitive } from '../../stack/sensitive.ts'
import type { Origin } from '../report/origin.ts'

/** The origin of a value, with secrets masked. */
export function maskedOrigin<T extends Origin>(origin: T, sensitive: Sensitive): T {
  const path = origin.path.replaceAll('"', '')
  const { written } = origin.source
  const isSecret = sensitive.paths.has(path)
  const shown = (value: unknown) => (isSecret ? hidden(path, value, sensitive) : redactDeep(value, sensitive))
  return {
    ...origin,
    ...(origin.value !== undefined && { value: maskedValue(origin.value, path, sensitive) }),
    source: { ...origin.source, ...(written !== undefined && { written: template(written, path, sensitive) }) },
    variables: origin.variables.map((each) => maskedVariable(each, sensitive)),
    lost: origin.lost.map((each) => ({ ...each, value: shown(each.value) })),
    children: origin.children.map((child) => maskedOrigin(child, sensitive)),
  }
}

type Variable = Origin['variables'][number]

function maskedVariable(variable: Variable, sensitive: Sensitive): Variable {
  const shown = (value: string) => (namesSecret(variable.name) && value !== '' ? MASK : redact(value, sensitive))
  const lost = variable.lost.map((each) => ({ ...each, value: shown(each.value) }))
  return { ...variable, value: shown(variable.value), lost }
}

/** Inside mappings and lists, every value has its own path. */
function maskedValue(value: unknown, path: string, sensitive: Sensitive): unknown {
  if (Array.isArray(value)) return value.map((each, index) => maskedValue(each, `${path}[${index}]`, sensitive))
  if (typeof value === 'object' && value !== null) {
    const inside = (key: string) => (path === '' ? key : `${path}.${key}`)
    return Object.fromEntries(
      Object.entries(value).map(([key, each]) => [key, maskedValue(each, inside(key), sensitive)]),
    )
  }
  const said = typeof value === 'string' ? sensitive.said?.get(path) : undefined
  if (said) return redact(covered(value as string, said), sensitive)
  return sensitive.paths.has(path) ? hidden(path, value, sensitive) : redactDeep(value, sensitive)
}

/** The part of a secret value that is not secret: a URL without its password. */
function hidden(path: string, value: unknown, sensitive: Sensitive): unknown {
  if (value === undefined || value === null || value === '') return value
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  const open = namesSecret(keyOf(path)) ? text : redact(text, sensitive)
  return open === text ? MASK : open
}

function template(written: string, path: string, sensitive: Sensitive): string {
  if (namesSecret(keyOf(path)) && !/^\$(?:\w+|\{\w+\})$/.test(written)) return MASK
  return redact(covered(written, secretRanges(written)), sensitive)
}

function keyOf(path: string): string {
  return path.split('.').at(-1) ?? ''
}
