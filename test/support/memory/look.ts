import type { LookCalls, StatsSample } from '../../../src/docker/port.ts'
import { containerOf } from './lookup.ts'
import { refuse, type StoredContainer, type World } from './world.ts'

const MEBIBYTE = 1024 * 1024
const SECOND = 1_000_000_000

/** Each container is one process, which uses half a processor and 2 MiB. */
export function lookCalls(world: World): LookCalls {
  return {
    async processes(id) {
      const { id: fullId, spec, state } = containerOf(world, id)
      if (state !== 'running') refuse(409, `Container ${fullId} is not running`)
      const command = [...(spec.Entrypoint ?? []), ...(spec.Cmd ?? [])].join(' ')
      return { titles: ['UID', 'PID', 'CMD'], processes: [['root', '1', command]] }
    },
    stats: (id, { stream }, signal) => samples(world, id, stream, signal),
  }
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
