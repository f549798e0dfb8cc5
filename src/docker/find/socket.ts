import { accessSync, constants } from 'node:fs'
import { join } from 'node:path'
import { checked } from '../../diagnostics/checked.ts'
import type { Endpoint, Environment, Find } from '../endpoint.ts'

const DEFAULT = '/var/run/docker.sock'

/** Picks the first socket that the user may access, likeliest first; the default socket if there is none. */
export const findBySocket: Find = async (environment) => {
  if (environment.platform === 'win32') return undefined
  const path = socketPaths(environment).find(isUsable) ?? DEFAULT
  return checked<Endpoint>(
    { host: `unix://${path}`, from: 'the default socket', address: { kind: 'socket', path } },
    [],
  )
}

/** The system's engine, a rootless one, then Docker Desktop and similar products, each as its manual documents it. */
export function socketPaths({ env, home, uid }: Environment): string[] {
  const runtime = env.XDG_RUNTIME_DIR || (uid === undefined ? undefined : `/run/user/${uid}`)
  return [
    DEFAULT,
    ...(runtime ? [join(runtime, 'docker.sock')] : []),
    join(home, '.docker/run/docker.sock'),
    join(home, '.docker/desktop/docker.sock'),
    join(home, '.orbstack/run/docker.sock'),
    join(home, '.rd/docker.sock'),
    join(home, '.colima/default/docker.sock'),
  ]
}

function isUsable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK | constants.W_OK)
    return true
  } catch {
    return false
  }
}
