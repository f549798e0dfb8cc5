import type { Engine, StatsSample } from '../../../docker/port.ts'
import { COMPOSE } from '../../docker/labels.ts'
import type { LookReader, Usage } from '../../read/look.ts'
import { lockedImages } from '../observe/locked-images.ts'

export function lookReader(engine: Engine): LookReader {
  return {
    image: (reference, signal) => engine.inspectImage(reference, signal),
    async imageWithContent(content, signal) {
      const { locked } = await lockedImages({ engine, signal }, await engine.listImages(signal), {
        [NAMELESS]: content,
      })
      const id = locked[NAMELESS]?.id
      return id === undefined ? undefined : engine.inspectImage(id, signal)
    },
    async volumes(project, signal) {
      const volumes = await engine.listVolumes({ labels: [`${COMPOSE.project}=${project}`] }, signal)
      return volumes.sort((a, b) => (a.name < b.name ? -1 : 1))
    },
    processes: (id, signal) => engine.processes(id, signal),
    usage: (id, options, signal) => usages(engine.stats(id, options, signal)),
  }
}

/** No image has this name. */
const NAMELESS = '@'

async function* usages(samples: AsyncIterable<StatsSample>): AsyncGenerator<Usage> {
  for await (const { cpu, cpuBefore, cpus, ...rest } of samples) {
    const [own, all] = [cpu.own - cpuBefore.own, cpu.all - cpuBefore.all]
    yield { ...rest, cpuPercent: own > 0 && all > 0 && cpuBefore.all > 0 ? (own / all) * cpus * 100 : 0 }
  }
}
