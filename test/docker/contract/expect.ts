import * as assert from 'uvu/assert'
import { type Engine, EngineError } from '../../../src/docker/port.ts'

/** The call is refused with that HTTP status. Resolves with the error, for more to be said about it. */
export async function refused(status: number, call: Promise<unknown>): Promise<EngineError> {
  const error = await failure(call)
  assert.instance(error, EngineError)
  assert.is((error as EngineError).status, status, (error as Error).message)
  return error as EngineError
}

export async function failure(call: Promise<unknown>): Promise<unknown> {
  try {
    await call
  } catch (error) {
    return error
  }
  throw new assert.Assertion({
    message: 'Expected the call to fail',
    details: false,
    generated: true,
    operator: 'failure',
  } as never)
}

const LONG_ENOUGH = 20_000

/** Waits until `look` finds what it looks for: listens to events first, then looks again after each, so that nothing is missed. */
export async function eventually<T>(engine: Engine, look: () => Promise<T | undefined | false>): Promise<T> {
  const signal = AbortSignal.timeout(LONG_ENOUGH)
  const events = await engine.events({ types: ['container'] }, signal)
  for (let event = events[Symbol.asyncIterator](); ; await event.next()) {
    const found = await look()
    if (found) {
      await event.return?.()
      return found
    }
  }
}

/** A container of `getsHealthy` whose program hears signals: one that comes before is lost on a first process. */
export async function listens(engine: Engine, id: string) {
  return eventually(engine, async () => (await engine.inspectContainer(id))?.health?.status === 'healthy')
}

export async function hasEnded(engine: Engine, id: string) {
  return eventually(engine, async () => {
    const container = await engine.inspectContainer(id)
    return container?.state === 'exited' && container
  })
}

export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const item of items) all.push(item)
  return all
}

export const never = new AbortController().signal
