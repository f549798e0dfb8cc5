import type Dockerode from 'dockerode'
import type { StackError } from '../diagnostics/checked.ts'
import { archiveCalls } from './adapter/archives.ts'
import { attachCalls } from './adapter/attach.ts'
import { buildCalls } from './adapter/builds.ts'
import { commitCalls } from './adapter/commit.ts'
import { containerCalls } from './adapter/containers.ts'
import { distributionCalls } from './adapter/distribution.ts'
import { eventCalls } from './adapter/events.ts'
import { execCalls } from './adapter/exec.ts'
import { fileCalls } from './adapter/files.ts'
import { linkTo } from './adapter/http/link.ts'
import type { Patience } from './adapter/http/silence.ts'
import { imageArchiveCalls } from './adapter/image-archives.ts'
import { imageCalls } from './adapter/images.ts'
import { logCalls } from './adapter/logs.ts'
import { processCalls } from './adapter/look/processes.ts'
import { statsCalls } from './adapter/look/stats.ts'
import { usageCalls } from './adapter/look/usage.ts'
import { networkCalls } from './adapter/networks.ts'
import { pullCalls } from './adapter/pull.ts'
import { systemCalls } from './adapter/system.ts'
import { volumeCalls } from './adapter/volumes.ts'
import type { Keyring } from './auth.ts'
import type { Engine, EngineLocation } from './port.ts'

export interface AdapterOptions {
  /** The user's registry credentials; none by default. */
  keyring?: Keyring
  /** The proxy variables for new containers and builds. */
  proxies?: () => Record<string, string>
  /** The user's environment: builds find the ssh agent there. */
  env?: Record<string, string | undefined>
  /** The error to throw instead of an EngineError for a failure of the connection itself. */
  explain?: (error: Error) => StackError | undefined
  /** This machine by default. */
  location?: EngineLocation
  /** The engine's address, for messages. */
  host?: string
  /** Unlimited by default. */
  patience?: Patience
}

/**
 * Implements the port over a dockerode client. Only this adapter converts Docker's JSON to the port's types. A method whose signal
 * aborts closes its connection and rejects with the signal's reason; an iteration over events or logs does the same.
 */
export function dockerodeEngine(docker: Dockerode, options: AdapterOptions = {}): Engine {
  const link = linkTo(docker, options.explain ?? (() => undefined), options)
  const keyring = options.keyring ?? { credentialsFor: async () => undefined, all: async () => ({}) }
  return {
    ...(options.location && { location: options.location }),
    newerSource: async (...given) => (await import('./adapter/builder/newest.ts')).newerSource(...given),
    registryCredentials: () => keyring.all(),
    ...(options.proxies && { proxyVariables: options.proxies }),
    ...systemCalls(link),
    ...containerCalls(link),
    ...networkCalls(link),
    ...volumeCalls(link),
    ...imageCalls(link),
    ...imageArchiveCalls(link),
    ...eventCalls(link),
    ...logCalls(link),
    ...processCalls(link),
    ...statsCalls(link),
    ...usageCalls(link),
    ...execCalls(link),
    ...attachCalls(link),
    ...fileCalls(link),
    ...archiveCalls(link),
    ...commitCalls(link),
    ...pullCalls(link, keyring),
    ...distributionCalls(link, keyring),
    ...buildCalls(link, keyring, options.env),
  }
}
