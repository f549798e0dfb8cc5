import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { COMPOSE } from '../../../src/backend/docker/labels.ts'
import type { Host } from '../../../src/cli/host.ts'
import { EngineError, type EngineEvent } from '../../../src/docker/port.ts'
import type { ImageFixture } from '../../support/memory/fixture.ts'
import { die, emitFor, isAlive, start } from '../../support/memory/lifecycle.ts'
import type { StoredContainer } from '../../support/memory/world.ts'
import { type Lab, lab, type Ran } from '../support.ts'

export const IMAGES: Record<string, ImageFixture> = {
  'app:1': { cmd: ['run'] },
  'app:2': { cmd: ['run'], content: 'newer' },
  'db:1': { cmd: ['serve'], exposedPorts: ['5432/tcp'], passesAfter: 200 },
  'job:1': { cmd: ['work'], exits: { after: 100, code: 0 } },
  'brittle:1': { cmd: ['run'], exits: { after: 10, code: 3 } },
}

export interface Guarding {
  err(): string
  /** Ctrl-C, to the end; resolves to everything that it said. */
  end(): Promise<string>
}

/** A lab with guards and commands that share a state directory, locks, and an engine that can go away. */
export interface GuardScene extends Lab {
  /** Fails unless the command succeeds. */
  must(...argv: string[]): Promise<Ran>
  /** Begins a command that goes on until Ctrl-C. */
  attached(...argv: string[]): ReturnType<Lab['begin']>
  /** Resolves once it has looked at everything. */
  guard(...services: string[]): Promise<Guarding>
  /** A second one, while another stands: resolves to its end. */
  alsoGuard(...argv: string[]): Promise<Ran>
  /** Lets virtual time pass on the engine's clock; nothing waits for the machine's. */
  elapse(ms: number): Promise<void>
  at(name: string): StoredContainer
  find(name: string): StoredContainer | undefined
  /** Names without the project's. */
  running(): string[]
  /** It ends by itself. */
  crash(name: string, code?: number): void
  /** As a service manager has it ended: it stops its containers, and then nobody answers until it is started again. */
  endEngine(): Promise<void>
  beginEngine(): void
  /** The connection alone. */
  cut(): void
  state: string
}

export function guardScene(stack: string | object, images = IMAGES): GuardScene {
  const text = typeof stack === 'string' ? stack : JSON.stringify(stack)
  const made = lab({ 'compose.yaml': text }, { images })
  const { engine } = made
  const state = mkdtempSync(join(tmpdir(), 'flotilla-state-'))
  const options = {
    lock: locks(),
    stateFolder: state,
    home: '/root',
    program: ['/usr/bin/node', '/opt/flotilla/main.js'],
  }
  const line = lineTo(engine)
  const nameOf = ({ name }: StoredContainer) => name.slice('lab-'.length)
  const find = (name: string) => [...engine.world.containers.values()].find((each) => nameOf(each) === name)
  const at = (name: string) => {
    const found = find(name)
    if (!found) throw new Error(`there is no ${name}`)
    return found
  }
  let resumed: StoredContainer[] = []
  return {
    ...made,
    state,
    run: (...argv) => made.begin(argv, options).ended,
    async must(...argv) {
      const ran = await made.begin(argv, options).ended
      assert.is(ran.code, 0, ran.err)
      return ran
    },
    attached: (...argv) => made.begin(argv, options),
    async guard(...services) {
      let stand = () => {}
      const standing = new Promise<void>((resolve) => {
        stand = resolve
      })
      const processes = { own: 1, ready: () => stand(), begin: async () => ({ pid: 0 }), end: () => undefined }
      const begun = made.begin(['guard', ...services], { ...options, processes })
      await Promise.race([standing, begun.ended])
      return {
        err: begun.err,
        async end() {
          begun.interrupt()
          const { code, err } = await begun.ended
          assert.is(code, 0, err)
          return err
        },
      }
    },
    alsoGuard: (...argv) => made.begin(['guard', ...argv], options).ended,
    elapse: (ms) => engine.clock.sleep(ms),
    find,
    at,
    running: () =>
      [...engine.world.containers.values()]
        .filter((each) => each.state === 'running')
        .map(nameOf)
        .sort(),
    crash: (name, code = 1) => die(engine.world, at(name), code),
    async endEngine() {
      resumed = [...engine.world.containers.values()].filter(isAlive)
      for (const container of resumed) emitFor(engine.world, container, 'kill', { signal: '15' })
      for (const container of resumed) {
        container.stoppedByHand = true
        if (container.state === 'restarting') container.life?.abort()
        die(engine.world, container, 143)
        emitFor(engine.world, container, 'stop')
      }
      // It goes on to answer for a moment.
      await engine.clock.sleep(300)
      line.cut(true)
      engine.world.history.length = 0
    },
    beginEngine() {
      for (const container of resumed)
        if (/always|unless/.test(container.spec.HostConfig.RestartPolicy?.Name ?? '')) start(engine.world, container)
      line.mend()
    },
    cut: () => line.cut(false),
    remove() {
      made.remove()
      rmSync(state, { recursive: true, force: true })
    },
  }
}

/** What stands between commands and the engine. */
function lineTo(engine: Lab['engine']): { cut(isDown: boolean): void; mend(): void } {
  let down = false
  const open = new Set<() => void>()
  const events = engine.events
  const broken = () => new EngineError('socket hang up')
  engine.hooks.before = () => {
    if (down) throw broken()
  }
  engine.events = async (filter, signal) => {
    const stream = (await events.call(engine, filter, signal))[Symbol.asyncIterator]()
    const ended = new Promise<never>((_, reject) => {
      open.add(() => {
        void stream.return?.()
        reject(broken())
      })
    })
    ended.catch(() => undefined)
    return { [Symbol.asyncIterator]: () => ({ next: () => nextOf(stream, ended) }) }
  }
  return {
    cut(isDown) {
      down = isDown
      for (const end of open) end()
      open.clear()
    },
    mend() {
      down = false
    },
  }
}

/** What came before the end is heard before the end. */
async function nextOf(stream: AsyncIterator<EngineEvent>, ended: Promise<never>): Promise<IteratorResult<EngineEvent>> {
  return Promise.race([stream.next(), ended])
}

/** Of this process, by name; each is had by one at a time. */
export function locks(): Host['lock'] {
  const held = new Map<string, { holder: string; over: Promise<void> }>()
  return async (name, command, { signal, onWait }) => {
    for (let other = held.get(name); other; other = held.get(name)) {
      onWait({ pid: 42, command: other.holder })
      signal.throwIfAborted()
      await Promise.race([other.over, rejected(signal)])
    }
    let end = () => {}
    const over = new Promise<void>((resolve) => {
      end = resolve
    })
    held.set(name, { holder: command, over })
    return async () => {
      held.delete(name)
      end()
    }
  }
}

function rejected(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }))
}

/** The place of a container in the words of the state directory: `web/1`. */
export function placeOf({ spec }: StoredContainer): string {
  return `${spec.Labels?.[COMPOSE.service]}/${spec.Labels?.[COMPOSE.number]}`
}

export const STACK = {
  name: 'lab',
  services: {
    db: { image: 'db:1', healthcheck: { test: ['CMD', 'true'], interval: '1s' } },
    web: { image: 'app:1', depends_on: { db: { condition: 'service_healthy', restart: true } } },
    other: { image: 'app:1', depends_on: { job: { condition: 'service_completed_successfully' } } },
    job: { image: 'job:1' },
  },
}
export const ALL = ['db-1', 'other-1', 'web-1']

export const VPN = {
  name: 'lab',
  services: {
    vpn: { image: 'db:1', restart: 'always', healthcheck: { test: ['CMD', 'true'], interval: '1s' } },
    guest: {
      image: 'app:1',
      network_mode: 'service:vpn',
      depends_on: { vpn: { condition: 'service_healthy' } },
    },
    plain: { image: 'app:1', pid: 'service:vpn' },
    stopped: { image: 'app:1', network_mode: 'service:vpn' },
    other: { image: 'app:1' },
  },
}
