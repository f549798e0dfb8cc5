import * as assert from 'uvu/assert'
import { StackError } from '../../../src/diagnostics/checked.ts'
import { connect } from '../../../src/docker/connect.ts'
import { type Engine, EngineError } from '../../../src/docker/port.ts'
import { hostileEngine } from '../../support/hostile/hostile-engine.ts'
import type { Call } from './hostile-calls.ts'

export const ENOUGH = 'enough'
const SILENCE_S = 0.5
/** Where the engine is not silent. */
export const PLENTY_S = 20
/** Ten times as long may an answer take that comes drop by drop; the rest is for a busy machine. */
export const LONGEST_MS = 60_000

export type Scene = { client: Engine; engine: Awaited<ReturnType<typeof hostileEngine>> }

export async function within<T>(body: (scene: Scene) => Promise<T>, timeout = SILENCE_S): Promise<T> {
  const engine = await hostileEngine()
  const env = { DOCKER_HOST: engine.host, FLOTILLA_ENGINE_TIMEOUT: String(timeout) }
  try {
    return await body({ engine, client: await connect({ env, home: '/nowhere', platform: 'linux' }) })
  } finally {
    await engine.close()
  }
}

type Ending = { value: unknown } | { thrown: unknown }

/** How a call ends; after a while it is stopped. */
export async function ending(client: Engine, call: Call, ms: number): Promise<Ending> {
  const stop = new AbortController()
  const timer = setTimeout(() => stop.abort(ENOUGH), ms)
  try {
    return { value: await call(client, stop.signal) }
  } catch (thrown) {
    return { thrown }
  } finally {
    clearTimeout(timer)
  }
}

export function isReported(ended: Ending, about: string): void {
  const thrown = 'thrown' in ended ? ended.thrown : ended
  const isProblem = thrown instanceof EngineError || thrown instanceof StackError
  assert.ok(isProblem, `${about}: ${thrown instanceof Error ? thrown.stack : JSON.stringify(thrown)}`)
  const { message } = thrown as Error
  assert.ok(message.trim() !== '' && message.length < 2200 && !message.includes('\n'), `${about}: "${message}"`)
}
