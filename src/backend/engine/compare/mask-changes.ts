import type { ContainerDetail } from '../../../docker/port.ts'
import type { FieldChange } from '../../../plan/step.ts'
import { redact, redactDeep } from '../../../redact/redact.ts'
import type { Sensitive } from '../../../stack/sensitive.ts'
import { OURS } from '../../docker/labels.ts'
import { recordedPaths, secretPaths } from '../../docker/secret-paths.ts'
import { secretsHeld } from './sensitive.ts'

export interface Masking {
  /** Secrets of the current stack file. */
  sensitive: Sensitive
  service: string
  /** Of the old container: they record the secrets at its creation. */
  labels: Readonly<Record<string, string>>
  detail: ContainerDetail | undefined
}

/**
 * Former secrets are not shown either. A change of a secret path, now or then, is marked as such; from any other, the old
 * container's own secrets are taken out: one that is older than that label may hold them anywhere.
 */
export function maskChanges(changes: readonly FieldChange[], masking: Masking): FieldChange[] {
  if (changes.length === 0) return []
  const { sensitive, service, labels, detail } = masking
  const paths = [...secretPaths(sensitive, service), ...recordedPaths(labels[OURS.masked])]
  const held = detail ? secretsHeld(detail.spec) : []
  const masked = changes.map((change) => {
    const path = secretPart(change.path, paths)
    return path === undefined
      ? { ...change, from: withoutHeld(change, held, sensitive) }
      : { ...change, path, secret: true }
  })
  return masked.reduce(joined, [])
}

/**
 * The part of a path that may be shown if there is a secret at, in or around it: of a list that the engine keeps as a mapping, the keys
 * are made of values. A list is compared as a whole, and its secret may be one item of it; the engine's names differ from the file's
 * in their case only.
 */
function secretPart(path: string, secret: readonly string[]): string | undefined {
  const isIn = (inner: string, outer: string) =>
    inner.toLowerCase().startsWith(outer.toLowerCase()) && /^(?:$|[.[])/.test(inner.slice(outer.length))
  const outer = secret.find((each) => isIn(path, each))
  if (outer !== undefined) return path.slice(0, outer.length)
  return secret.some((each) => isIn(each, path)) ? path : undefined
}

/** One change a secret path. */
function joined(all: FieldChange[], change: FieldChange): FieldChange[] {
  const same = all.find((each) => change.secret && each.secret && each.path === change.path)
  if (!same) return [...all, change]
  const both = { ...same, from: same.from ?? change.from, to: same.to ?? change.to }
  return all.map((each) => (each === same ? both : each))
}

/** A part that the new value shows is shown in the old one too. Names are no secrets: the password `postgres` hides no image. */
function withoutHeld({ path, from, to }: FieldChange, held: readonly string[], sensitive: Sensitive): unknown {
  if (/^(?:image|container_name|networks|network_mode)\b/.test(path)) return from
  const open = redact(JSON.stringify(to) ?? '', sensitive)
  return redactDeep(from, { values: new Set(held.filter((value) => !open.includes(value))), paths: new Set() })
}
