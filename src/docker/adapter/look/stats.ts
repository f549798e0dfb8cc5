import { each, fields, list, number, record, text } from '../../../util/shape.ts'
import type { Engine, StatsSample } from '../../port.ts'
import { containerPath } from '../containers.ts'
import { jsonLines } from '../http/json-lines.ts'
import type { Link } from '../http/link.ts'
import { attended, requestStream } from '../http/request.ts'
import { type Stats, sampleOf } from './stats-sample.ts'

const CPU = fields({
  ...each('cpu_usage', fields({ ...each('total_usage', number), ...each('percpu_usage', list(number)) })),
  ...each('system_cpu_usage online_cpus', number),
})
const STATS = fields({
  ...each('cpu_stats precpu_stats', CPU),
  ...each('memory_stats', fields({ ...each('usage limit', number), ...each('stats', record(number)) })),
  ...each('pids_stats', fields(each('current', number))),
  ...each('networks', record(fields(each('rx_bytes tx_bytes', number)))),
  ...each('blkio_stats', fields(each('io_service_bytes_recursive', list(fields({ op: text, value: number }))))),
})

export function statsCalls(link: Link): Pick<Engine, 'stats'> {
  return { stats: (id, { stream }, signal) => samples(link, id, stream, signal) }
}

async function* samples(link: Link, id: string, stream: boolean, signal: AbortSignal): AsyncGenerator<StatsSample> {
  const query = { stream: String(stream) }
  const request = { method: 'GET', path: containerPath(id, 'stats'), query, signal, pace: 'slow' } as const
  const response = await requestStream(link, request)
  try {
    for await (const stats of attended(link, request, response, (chunks) => jsonLines<Stats>(chunks, STATS)))
      yield sampleOf(stats)
    signal.throwIfAborted()
  } catch (error) {
    throw link.failure(error, signal, request)
  }
}
