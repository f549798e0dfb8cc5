import type { Usage } from '../../../backend/read/look.ts'
import type { Loss } from '../../../view/fitted-table.ts'
import { binarySize, decimalSize } from '../../../view/size.ts'
import type { RowList } from '../../../view/template/row-format.ts'
import { Row } from '../../../view/template/value.ts'

/** Uses the field names of `docker stats --format` (cli/command/container/formatter_stats.go of docker/cli). */
export const STATS_LIST: RowList = {
  headings: {
    ...{ Container: 'CONTAINER', ID: 'CONTAINER ID', Name: 'NAME', CPUPerc: 'CPU %', MemUsage: 'MEM USAGE / LIMIT' },
    ...{ MemPerc: 'MEM %', NetIO: 'NET I/O', BlockIO: 'BLOCK I/O', PIDs: 'PIDS' },
  },
  table: '{{.ID}}\t{{.Name}}\t{{.CPUPerc}}\t{{.MemUsage}}\t{{.MemPerc}}\t{{.NetIO}}\t{{.BlockIO}}\t{{.PIDs}}',
}

/** The columns of the table. */
export const STATS_COLUMNS = ['ID', 'Name', 'CPUPerc', 'MemUsage', 'MemPerc', 'NetIO', 'BlockIO', 'PIDs']

/** What a narrow terminal leaves out. */
export const STATS_LOSSES: readonly Loss[] = [
  ['drop', 'CONTAINER ID'],
  ['drop', 'MEM %'],
  ['drop', 'BLOCK I/O'],
  ['drop', 'PIDS'],
  ['drop', 'NET I/O'],
]

const SHORT_ID = 12
const NOTHING = '--'

/** Shows dashes for a container without a sample. */
export function statsRow({ id, name }: { id: string; name: string }, usage: Usage | undefined, whole: boolean): Row {
  const names = { Container: id, ID: whole ? id : id.slice(0, SHORT_ID), Name: name }
  return new Row({ ...names, ...(usage ? valuesOf(usage) : UNKNOWN) })
}

const UNKNOWN = {
  ...{ CPUPerc: NOTHING, MemUsage: `${NOTHING} / ${NOTHING}`, MemPerc: NOTHING, NetIO: NOTHING, BlockIO: NOTHING },
  PIDs: NOTHING,
}

function valuesOf(usage: Usage): typeof UNKNOWN {
  const { memory, memoryLimit } = usage
  return {
    CPUPerc: percent(usage.cpuPercent),
    MemUsage: `${binarySize(memory)} / ${binarySize(memoryLimit)}`,
    MemPerc: percent(memoryLimit > 0 ? (memory / memoryLimit) * 100 : 0),
    NetIO: `${decimalSize(usage.received)} / ${decimalSize(usage.sent)}`,
    BlockIO: `${decimalSize(usage.read)} / ${decimalSize(usage.written)}`,
    PIDs: String(usage.processes),
  }
}

function percent(value: number): string {
  return `${value.toFixed(2)}%`
}
