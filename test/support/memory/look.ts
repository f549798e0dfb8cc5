import type { LookCalls, PathChange, StatsSample, UsageCalls } from '../../../src/docker/port.ts'
import { containerOf } from './lookup.ts'
import { refuse, type StoredContainer, type World } from './world.ts'

const MEBIBYTE = 1024 * 1024
const SECOND = 1_000_000_000

/** Each container is one process, which uses half a processor and 2 MiB. */
export function lookCalls(world: World): LookCalls & UsageCalls {
  return {
    async volumeSizes() {
      return Object.fromEntries(
        [...world.volumes.values()].map((each) => [each.name, bytesBelow(world, each.mountpoint)]),
      )
    },
    async containerChanges(id) {
      const { files, nodes, image } = containerOf(world, id)
      const own = new Set([...files.keys(), ...nodes.keys()])
      return [...own].map(
        (path): PathChange => ({ path, kind: image.fixture.files?.[path] === undefined ? 'added' : 'changed' }),
      )
    },
    async processes(id) {
      const { id: fullId, spec, state } = containerOf(world, id)
      if (state !== 'running') refuse(409, `Container ${fullId} is not running`)
      const command = [...(spec.Entrypoint ?? []), ...(spec.Cmd ?? [])].join(' ')
      return { titles: ['UID', 'PID', 'CMD'], processes: [['root', '1', command]] }
    },
    stats: (id, { stream }, signal) => samples(world, id, stream, signal),
  }
}

function bytesBelow({ data }: World, folder: string): number {
  const inside = [...data].filter(([path]) => path.startsWith(`${folder}/`))
  return inside.reduce((total, [, content]) => total + content.length, 0)
}

async function* samples(world: World, id: string, stream: boolean, signal: AbortSignal): AsyncGenerator<StatsSample> {
  const container = containerOf(world, id)
  for (let second = stream ? 0 : 1; ; second++) {
    signal.throwIfAborted()
    yield sampleAt(container, second)
    if (!stream) return
    await world.clock.sleep(1000, signal)
  }
}

function sampleAt({ state }: StoredContainer, second: number): StatsSample {
  const runs = state === 'running'
  const at = (seconds: number) =>
    runs ? { own: (seconds * SECOND) / 2, all: seconds * SECOND * 2 } : { own: 0, all: 0 }
  return {
    cpu: at(second + 1),
    cpuBefore: second === 0 ? { own: 0, all: 0 } : at(second),
    cpus: runs ? 2 : 0,
    memory: runs ? 2 * MEBIBYTE : 0,
    memoryLimit: runs ? 100 * MEBIBYTE : 0,
    received: 0,
    sent: 0,
    read: 0,
    written: 0,
    processes: runs ? 1 : 0,
  }
}
