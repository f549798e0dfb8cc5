import { error } from '../../../../diagnostics/diagnostic.ts'
import type { ContainerSpec } from '../../../../docker/spec.ts'
import { StepFailure } from '../../../../execute/step-context.ts'
import { fileKey } from '../../../../stack/seccomp.ts'
import { RAW_CREDENTIALS } from '../../lower/security.ts'

/** The content of a file, secret or config, by its key in plans. */
export type ContentOf = (key: string) => Uint8Array | undefined

/** Fills in the contents of the files that security options name: the engine expects seccomp profiles as JSON text. */
export function withProfiles(spec: ContainerSpec, contentOf: ContentOf): ContainerSpec {
  const { SecurityOpt: options } = spec.HostConfig
  if (!options) return spec
  return { ...spec, HostConfig: { ...spec.HostConfig, SecurityOpt: options.map((each) => filled(each, contentOf)) } }
}

function filled(option: string, contentOf: ContentOf): string {
  const [, profile] = /^seccomp=((?:[A-Za-z]:)?[/\\].*)$/s.exec(option) ?? []
  if (profile !== undefined) return `seccomp=${compact(profile, textOf(fileKey(profile), contentOf))}`
  if (!option.startsWith(RAW_CREDENTIALS)) return option
  return `credentialspec=raw://${textOf(`config/${option.slice(RAW_CREDENTIALS.length)}`, contentOf)}`
}

function textOf(key: string, contentOf: ContentOf): string {
  const bytes = contentOf(key)
  if (!bytes) throw new StepFailure(error('path-missing', `the ${key.replace('/', ' ')} cannot be read`))
  return new TextDecoder().decode(bytes)
}

function compact(path: string, text: string): string {
  try {
    return JSON.stringify(JSON.parse(text))
  } catch (cause) {
    throw new StepFailure(error('invalid-value', `the seccomp profile ${path} is not valid JSON`), undefined, { cause })
  }
}
