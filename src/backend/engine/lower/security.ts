import type { Stack } from '../../../stack/model.ts'
import { profileOf } from '../../../stack/seccomp.ts'
import type { Draft, Rows } from './row.ts'

/** Privileges, security options and groups. */
export const securityRows = {
  privileged: (value, { host }) => {
    host.Privileged = value
  },
  cap_add: (value, { host }) => {
    host.CapAdd = capabilities(value)
  },
  cap_drop: (value, { host }) => {
    host.CapDrop = capabilities(value)
  },
  security_opt: (value, draft, { stack }) => {
    for (const option of value) addOption(option, draft, stack)
  },
  credential_spec: ({ file, registry, config }, draft, { engineHost }) => {
    if (engineHost?.os !== 'windows') return
    if (file !== undefined) add(`credentialspec=file://${file}`, draft)
    if (registry !== undefined) add(`credentialspec=registry://${registry}`, draft)
    if (config !== undefined) add(`${RAW_CREDENTIALS}${config}`, draft)
  },
  group_add: (value, { host }) => {
    host.GroupAdd = value.map(String)
  },
  userns_mode: (value, { host }) => {
    host.UsernsMode = value
  },
} satisfies Rows

/** As Docker's own client sends them (moby, client/container_create.go): programs find these names in what the engine returns. */
function capabilities(names: readonly string[]): string[] {
  const whole = names.map((name) => name.toUpperCase().replace(/^(?!CAP_|ALL$)/, 'CAP_'))
  return [...new Set(whole)].sort()
}

/** Prefix of an inline credential spec; the content of a config is appended once it is read. */
export const RAW_CREDENTIALS = 'credentialspec=raw://config/'

/**
 * `systempaths=unconfined` is not an engine option: it stands for empty path lists (docker/cli, opts.go). Old spellings use a colon.
 * The `seccomp` profile is a file whose content is filled in when the container is created.
 */
function addOption(option: string, draft: Draft, stack: Stack): void {
  if (option === 'systempaths=unconfined') {
    draft.host.MaskedPaths = []
    draft.host.ReadonlyPaths = []
    return
  }
  const profile = profileOf(option, stack.origin.workingDir)
  add(profile === undefined ? option : `seccomp=${profile}`, draft)
}

function add(option: string, { host }: Draft): void {
  host.SecurityOpt = [...(host.SecurityOpt ?? []), option]
}
