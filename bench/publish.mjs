// What the documentation shows of a complete run: the plot, and the tables of docs/benchmark.md between its two markers.
//   node bench/publish.mjs    from bench/results/latest.json
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runAsScript } from '../scripts/lib/process.mjs'
import { root } from '../scripts/lib/project.mjs'
import { plotResults } from './plot.mjs'
import { costTable, markdown, targetsTable, timesTable } from './table.mjs'

const PAGE = join(root, 'docs/benchmark.md')
const RESULTS = join(root, 'bench/results/latest.json')
const BETWEEN = /(<!-- results -->\n)[\s\S]*(<!-- end of results -->)/

/** Returns the files that it wrote. */
export function publish(results) {
  const page = readFileSync(PAGE, 'utf8')
  writeFileSync(
    PAGE,
    page.replace(BETWEEN, (_, open, close) => `${open}${resultsText(results)}\n${close}`),
  )
  return [PAGE, plotResults(results)]
}

function resultsText(results) {
  return [
    facts(results),
    '### Times\n\nMedians; the ratios are medians of ratios of neighbouring samples.',
    markdown(timesTable(results)),
    '### Targets',
    markdown(targetsTable(results)),
    '### Processor time and peak memory of the client',
    markdown(costTable(results)),
    '',
  ].join('\n\n')
}

function facts({ machine, rounds, leakedNetworks }) {
  const { processorsBusy, processorsBusyBefore, load, ...stable } = machine
  const lines = Object.entries(stable).map(([name, value]) => `- ${name}: ${value}`)
  const before = `${processorsBusyBefore.toFixed(1)} before the run began`
  lines.push(
    `- processors kept busy by everything on the machine: ${before}, ${processorsBusy.toFixed(1)} on average during it`,
  )
  lines.push(
    `- rounds: ${rounds}${leakedNetworks > 0 ? `; networks that the engine lost count of: ${leakedNetworks}` : ''}`,
  )
  return lines.join('\n')
}

await runAsScript(import.meta.url, () => {
  for (const file of publish(JSON.parse(readFileSync(RESULTS, 'utf8')))) console.log(file)
})
