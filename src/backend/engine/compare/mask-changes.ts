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
  /** The old container's labels: they record the secrets at its creation. */
  labels: Readonly<Record<string, string>>
  detail: ContainerDetail | undefined
}

/**
 * Hides former secrets as well. A change at a path that is or was secret is only marked as secret. At other paths, the old
 * container's secrets are masked: a container created before that label existed may hold them anywhere.
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
 * The part of a path that may be shown if a secret lies at, in or around it. The engine stores some lists as mappings whose keys
 * come from values, so those keys are hidden. A list is compared as a whole, so a secret may be any of its items. The engine's names
 * differ from the file's only in case.
 */
function secretPart(path: string, secret: readonly string[]): string | undefined {
  const isIn = (inner: string, outer: string) =>
    inner.toLowerCase().startsWith(outer.toLowerCase()) && /^(?:$|[.[])/.test(inner.slice(outer.length))
  const outer = secret.find((each) => isIn(path, each))
  if (outer !== undefined) return path.slice(0, outer.length)
  return secret.some((each) => isIn(each, path)) ? path : undefined
}

/** Merges the changes of one secret path. */
function joined(all: FieldChange[], change: FieldChange): FieldChange[] {
  const same = all.find((each) => change.secret && each.secret && each.path === change.path)
  if (!same) return [...all, change]
  const both = { ...same, from: same.from ?? change.from, to: same.to ?? change.to }
  return all.map((each) => (each === same ? both : each))
}

/**
 * Parts that the new value shows are shown in the old one too. Names are not secrets: the password `postgres` does not hide the
 * image `postgres`.
 */
function withoutHeld({ path, from, to }: FieldChange, held: readonly string[], sensitive: Sensitive): unknown {
  if (/^(?:image|container_name|networks|network_mode)\b/.test(path)) return from
  const open = redact(JSON.stringify(to) ?? '', sensitive)
  return redactDeep(from, { values: new Set(held.filter((value) => !open.includes(value))), paths: new Set() })
}
